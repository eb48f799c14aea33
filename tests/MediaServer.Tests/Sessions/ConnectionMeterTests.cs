using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.WebRtc;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class ConnectionMeterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeCandidateConnection _connection = new();

    [Fact]
    public void Loss_and_rate_are_those_of_the_last_second()
    {
        var meter = new ConnectionMeter(_time);
        _connection.Set(RtcState.Connected, audioPackets: 1000, audioLost: 500);
        meter.Read(_connection);

        _time.Advance(TimeSpan.FromSeconds(2));
        _connection.Set(RtcState.Connected, audioPackets: 1090, audioLost: 510);
        var reading = meter.Read(_connection).ShouldNotBeNull();

        reading.LossPercent.ShouldBe(10);
        reading.PacketsPerSecond.ShouldBe(45);
    }

    [Fact]
    public void Two_who_ask_within_a_second_get_the_same()
    {
        var meter = new ConnectionMeter(_time);
        _connection.Set(RtcState.Connected, audioPackets: 90, audioLost: 10);
        var first = meter.Read(_connection);

        _time.Advance(TimeSpan.FromMilliseconds(300));

        meter.Read(_connection).ShouldBe(first);
    }

    [Fact]
    public void A_new_connection_begins_anew_and_none_is_none()
    {
        var meter = new ConnectionMeter(_time);
        _connection.Set(RtcState.Connected, audioPackets: 5000, audioLost: 0);
        meter.Read(_connection);
        var next = new FakeCandidateConnection();
        next.Set(RtcState.Connecting, audioPackets: 0, audioLost: 0);

        meter.Read(next).ShouldNotBeNull().PacketsPerSecond.ShouldBe(0);
        meter.Read(null).ShouldBeNull();
    }
}
