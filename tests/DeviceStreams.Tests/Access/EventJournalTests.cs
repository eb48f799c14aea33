using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Storage.Devices;

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

    private DeviceEventRow Event(string key) =>
        new() { Tenant = Gallery.Site.Tenant, DeviceId = "dev-1", DeduplicationKey = key, Kind = DeviceEventKind.Access, OccurredAt = _site.Time.GetUtcNow() };
}
