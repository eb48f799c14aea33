using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;
using Method = MediaScore.Protocol.Device.V1.Method;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>What terminals decided by themselves.</summary>
public sealed class TerminalLogTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Then = new(2026, 2, 28, 23, 30, 0, TimeSpan.Zero);

    private TerminalBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await TerminalBench.OpenAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    internal static LogRecord Record(ulong id) => new() { RecordId = id, At = Timestamp.FromDateTimeOffset(Then.AddMinutes(id)), PersonNumber = "1001", Outcome = Outcome.Granted };

    [Fact]
    public async Task A_record_becomes_an_event_with_all_that_the_terminal_said()
    {
        var (call, device) = await _bench.ConnectApprovedAsync("T-1", row => row.Door = "north");
        var record = Record(1);
        (record.Outcome, record.Method, record.Direction, record.Detail) = (Outcome.Denied, Method.Card, Direction.Out, "card of last year");

        (await StoreAsync(call, record)).ShouldBe(1UL);

        var stored = (await _bench.Site.StoredAsync()).ShouldHaveSingleItem();
        (stored.DeviceId, stored.Kind, stored.Outcome, stored.PersonNumber, stored.OccurredAt).ShouldBe((device.Id, DeviceEventKind.Access, DeviceEventOutcome.Denied, "1001", Then.AddMinutes(1)));
        (stored.Method, stored.Direction, stored.Door, stored.Reason).ShouldBe(("card", "out", "north", "card of last year"));
        stored.ReceivedAt.ShouldBe(_bench.Site.Time.GetUtcNow());
        stored.ShouldFitItsColumns();
    }

    [Fact]
    public async Task Somebody_whom_nobody_knows_has_no_number()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        var record = Record(1);
        (record.PersonNumber, record.Outcome) = ("", Outcome.NotRecognised);

        await StoreAsync(call, record);

        (await _bench.Site.StoredAsync()).ShouldHaveSingleItem().PersonNumber.ShouldBeNull();
    }

    [Fact]
    public async Task Records_that_come_twice_are_stored_once_and_a_terminal_that_comes_back_is_told_where_to_go_on()
    {
        var (first, _) = await _bench.ConnectApprovedAsync("T-1");
        (await StoreAsync(first, Record(1), Record(2), Record(3))).ShouldBe(3UL);
        (await StoreAsync(first, Record(2), Record(3), Record(4))).ShouldBe(4UL);

        var second = _bench.Connect("T-1");
        var welcome = (await second.UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome;
        (await StoreAsync(second, Record(1))).ShouldBe(4UL, "old records that are sent again move nothing back");

        welcome.StoredRecordId.ShouldBe(4UL);
        (await _bench.Site.StoredAsync()).Select(stored => stored.DeduplicationKey).ShouldBe(["log/1", "log/2", "log/3", "log/4"]);
    }

    [Fact]
    public async Task The_same_numbers_of_two_terminals_are_different_events()
    {
        var (first, _) = await _bench.ConnectApprovedAsync("T-1");
        var (second, _) = await _bench.ConnectApprovedAsync("T-2");

        await StoreAsync(first, Record(1));
        await StoreAsync(second, Record(1));

        (await _bench.Site.StoredAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_record_is_acknowledged_when_it_is_on_the_disk_and_not_before()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        _bench.Site.Disk.Hold();

        var acknowledged = StoreAsync(call, Record(1));
        await _bench.Site.Disk.Waiting;
        call.HasNews.ShouldBeFalse();
        _bench.Site.Disk.Release();

        (await acknowledged).ShouldBe(1UL);
    }

    [Fact]
    public async Task What_could_not_be_stored_is_not_acknowledged_and_may_come_again()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        _bench.Site.Disk.Fails = true;
        call.Send(Log(Record(1)));
        (await call.StatusAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
        _bench.Site.Disk.Fails = false;

        var again = _bench.Connect("T-1");
        (await again.UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome.StoredRecordId.ShouldBe(0UL);
        (await StoreAsync(again, Record(1))).ShouldBe(1UL);

        (await _bench.Site.StoredAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("number")]
    [InlineData("time")]
    [InlineData("impossible-time")]
    [InlineData("person")]
    [InlineData("detail")]
    [InlineData("count")]
    public async Task A_record_that_is_not_what_it_should_be_ends_the_stream_and_nothing_of_its_message_is_stored(string fault)
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");
        var bad = Record(2);
        var records = new List<LogRecord> { Record(1), bad };
        switch (fault)
        {
            case "number":
                bad.RecordId = 0;
                break;
            case "time":
                bad.At = null;
                break;
            case "impossible-time":
                bad.At = new Timestamp { Seconds = long.MaxValue };
                break;
            case "person":
                bad.PersonNumber = new string('1', 33);
                break;
            case "detail":
                bad.Detail = new string('x', 257);
                break;
            default:
                records.AddRange(Enumerable.Range(3, 1_000).Select(id => Record((ulong)id)));
                break;
        }

        call.Send(Log([.. records]));

        var status = await call.StatusAsync();
        status.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        status.Detail.ShouldNotBeEmpty();
        (await _bench.Site.StoredAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_thousand_records_of_a_day_without_a_network_are_one_message()
    {
        var (call, _) = await _bench.ConnectApprovedAsync("T-1");

        (await StoreAsync(call, [.. Enumerable.Range(1, 1_000).Select(id => Record((ulong)id))])).ShouldBe(1_000UL);

        (await _bench.Site.StoredAsync()).Count.ShouldBe(1_000);
    }

    private static DeviceMessage Log(params LogRecord[] records)
    {
        var log = new LogRecords();
        log.Records.AddRange(records);
        return new DeviceMessage { Log = log };
    }

    private static async Task<ulong> StoreAsync(TerminalCall call, params LogRecord[] records)
    {
        call.Send(Log(records));
        return (await call.UntilAsync(ServerMessage.MessageOneofCase.LogAcknowledgement)).LogAcknowledgement.StoredRecordId;
    }
}
