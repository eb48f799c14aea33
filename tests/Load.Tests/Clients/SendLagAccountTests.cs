using MediaScore.Load.Clients;
using MediaScore.Load.Measuring;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Load.Tests.Clients;

public sealed class SendLagAccountTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoadMeter _meter;
    private readonly SendLagAccount _lag;

    public SendLagAccountTests()
    {
        _meter = new LoadMeter(_time);
        _meter.OpenWindow();
        _lag = new SendLagAccount(_meter);
    }

    [Fact]
    public void A_whole_backlog_of_the_drivers_own_is_timed_not_its_first_packet_alone()
    {
        // Nothing was sent for 100 ms, and no write waited: five packets are late.
        for (var packet = 0; packet < 5; packet++)
            _lag.Sending(At(packet * 20), At(100));

        var lag = _meter.SendLag.Window();
        lag.Count.ShouldBe(5);
        lag.Max.ShouldBe(100, 1);
        lag.P50.ShouldBe(60, 1);
        _meter.SendsBehindServer.ShouldBe(0);
    }

    [Fact]
    public void What_comes_due_while_a_write_waits_is_the_servers_and_counted_apart()
    {
        _lag.Sending(At(0), At(0));
        _lag.Blocked(At(0), At(100));
        for (var packet = 1; packet <= 6; packet++)
        {
            _lag.Sending(At(packet * 20), At(100 + packet));
            // Each goes out after a wait of its own.
            _lag.Blocked(At(100 + packet), At(101 + packet));
        }

        // Due at 20 to 100 ms: behind the write. Due at 120 ms: not.
        _meter.SendsBehindServer.ShouldBe(5);
        _meter.SendLag.Window().Count.ShouldBe(2);
    }

    [Fact]
    public void What_was_due_before_the_write_began_is_late_by_the_drivers_doing()
    {
        _lag.Blocked(At(50), At(100));

        _lag.Sending(At(40), At(100));

        _meter.SendLag.Window().Max.ShouldBe(60, 1);
        _meter.SendsBehindServer.ShouldBe(0);
    }

    private long At(int milliseconds) => _time.GetTimestamp() + (milliseconds * _time.TimestampFrequency / 1000);
}
