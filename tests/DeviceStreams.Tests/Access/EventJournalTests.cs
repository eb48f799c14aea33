using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Storage.Devices;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.DeviceStreams.Tests.Access;

/// <summary>What was said to be stored is stored, once.</summary>
public sealed class EventJournalTests : IAsyncLifetime
{
    private DoorSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await DoorSite.OpenAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task An_event_that_comes_twice_is_stored_once_and_counted()
    {
        (await _site.Journal.AppendAsync([Event("a"), Event("b")])).ShouldBe(0);
        (await _site.Journal.AppendAsync([Event("b"), Event("c"), Event("c")])).ShouldBe(2);

        (await _site.StoredAsync()).Select(stored => stored.DeduplicationKey).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Those_that_ask_at_once_share_a_transaction_and_each_is_told_its_own()
    {
        var told = new List<int>();
        _site.Journal.Stored += rows => told.Add(rows.Count);
        _site.Disk.Hold();
        var first = _site.Journal.AppendAsync([Event("first")]);
        await _site.Disk.Waiting;

        var others = Enumerable.Range(0, 10).Select(i => _site.Journal.AppendAsync([Event($"other-{i}"), Event("same")])).ToList();
        _site.Disk.Release();
        await first;
        var doubles = await Task.WhenAll(others);

        doubles.Sum().ShouldBe(9);
        // Told on the journal's own loop, before the next request.
        await _site.Journal.AppendAsync([]);
        told.ShouldBe([1, 11]);
    }

    [Fact]
    public async Task One_event_that_cannot_be_stored_takes_no_other_with_it()
    {
        _site.Disk.Hold();
        var first = _site.Journal.AppendAsync([Event("first")]);
        await _site.Disk.Waiting;
        var good = _site.Journal.AppendAsync([Event("good")]);
        // Nobody's: the database takes no such row.
        var bad = _site.Journal.AppendAsync([new DeviceEventRow { Tenant = null!, DeviceId = "dev-1", DeduplicationKey = "bad", OccurredAt = _site.Time.GetUtcNow() }]);
        var alsoGood = _site.Journal.AppendAsync([Event("also-good")]);
        _site.Disk.Release();

        await Task.WhenAll(first, good, alsoGood);
        await Should.ThrowAsync<Exception>(bad);

        (await _site.StoredAsync()).Select(stored => stored.DeduplicationKey).ShouldBe(["first", "good", "also-good"]);
    }

    [Fact]
    public async Task A_disk_that_fails_is_said_so_and_the_same_event_may_come_again()
    {
        _site.Disk.Fails = true;
        await Should.ThrowAsync<IOException>(_site.Journal.AppendAsync([Event("a")]));
        _site.Disk.Fails = false;

        (await _site.Journal.AppendAsync([Event("a")])).ShouldBe(0);

        (await _site.StoredAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_decision_that_still_waits_for_its_turn_when_its_door_gives_up_is_stored_as_too_late_and_nothing_else()
    {
        _site.Disk.Hold();
        var before = _site.Journal.AppendAsync([Event("before")]);
        await _site.Disk.Waiting;

        var deciding = DecideAsync("decision");
        _site.Time.Advance(TimeSpan.FromSeconds(1));
        (await deciding).ShouldBeNull();
        _site.Disk.Release();
        await before;

        (await _site.StoredAsync()).Select(stored => (stored.DeduplicationKey, stored.Outcome)).ShouldBe([("before", DeviceEventOutcome.None), ("decision", DeviceEventOutcome.TimedOut)]);
        (await PayloadsAsync("timed-out")).Count.ShouldBe(1);
        (await PayloadsAsync("granted")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Other_systems_hear_of_a_late_decision_as_late_and_once_more_where_they_may_have_heard_it_otherwise(bool wasTold)
    {
        var decision = Event("decision");
        decision.Outcome = DeviceEventOutcome.Granted;
        await _site.Journal.AppendAsync([decision]);
        await using (var context = _site.CreateDbContext())
        {
            if (wasTold)
                await context.Outbox.ExecuteUpdateAsync(set => set.SetProperty(row => row.DeliveredAt, _site.Time.GetUtcNow()), TestContext.Current.CancellationToken);
        }

        MakeLate(decision);
        await _site.Events.AmendAsync(decision, TestContext.Current.CancellationToken);

        (await _site.StoredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(DeviceEventOutcome.TimedOut);
        (await PayloadsAsync("granted")).Count.ShouldBe(wasTold ? 1 : 0);
        var late = (await PayloadsAsync("timed-out")).ShouldHaveSingleItem();
        late.ShouldContain($"\"id\":{decision.Id},");
    }

    [Fact]
    public async Task What_could_not_be_put_right_at_once_is_put_right_before_anything_else_is_stored()
    {
        _site.Disk.Hold();
        var deciding = DecideAsync("decision");
        await _site.Disk.Waiting;
        _site.Time.Advance(TimeSpan.FromSeconds(1));
        (await deciding).ShouldBeNull();
        // The events, the outbox; then the disk is full.
        _site.Disk.FailsAfter(2);
        _site.Disk.Release();
        await _site.Journal.AppendAsync([]);
        (await _site.StoredAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(DeviceEventOutcome.Granted, "it cannot be changed now");

        _site.Disk.Fails = false;
        await _site.Journal.AppendAsync([Event("next")]);

        (await _site.StoredAsync()).Select(stored => stored.Outcome).ShouldBe([DeviceEventOutcome.TimedOut, DeviceEventOutcome.None]);
    }

    private static void MakeLate(DeviceEventRow decision) => decision.Outcome = DeviceEventOutcome.TimedOut;

    private Task<int?> DecideAsync(string key)
    {
        var decision = Event(key);
        decision.Outcome = DeviceEventOutcome.Granted;
        return _site.Journal.AppendInTimeAsync(decision, _site.Time.GetUtcNow() + TimeSpan.FromSeconds(1), MakeLate, _site.Time);
    }

    /// <summary>What the outbox holds of events that ended so.</summary>
    private async Task<List<string>> PayloadsAsync(string outcome)
    {
        await using var context = _site.CreateDbContext();
        return await context.Outbox.Select(row => row.Payload).Where(payload => payload.Contains($"\"outcome\":\"{outcome}\"")).ToListAsync(TestContext.Current.CancellationToken);
    }

    private DeviceEventRow Event(string key) =>
        new() { Tenant = Gallery.Site.Tenant, DeviceId = "dev-1", DeduplicationKey = key, Kind = DeviceEventKind.Access, OccurredAt = _site.Time.GetUtcNow() };
}
