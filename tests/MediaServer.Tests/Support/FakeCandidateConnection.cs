using MediaScore.MediaServer.Sessions;
using MediaScore.WebRtc;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>A browser's connection whose figures a test sets.</summary>
internal sealed class FakeCandidateConnection : ICandidateConnection
{
    private RtcStatistics _statistics = new();

    public RtcStatistics Statistics => Volatile.Read(ref _statistics);

    public bool Finished { get; private set; }

    public void Set(RtcState state, long audioPackets, long audioLost) => Volatile.Write(ref _statistics, new RtcStatistics
    {
        State = state,
        RoundTripTime = TimeSpan.FromMilliseconds(31),
        Audio = new StreamStatistics { PacketCount = audioPackets, LostCount = audioLost, Jitter = TimeSpan.FromMilliseconds(4) },
    });

    public Task FinishAsync()
    {
        Finished = true;
        return Task.CompletedTask;
    }
}
