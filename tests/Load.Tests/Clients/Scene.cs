using MediaScore.Load.Clients;
using MediaScore.Load.Measuring;
using MediaScore.Load.Speech;
using MediaScore.Peers.Sources;
using MediaScore.WebRtc;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Load.Tests.Clients;

/// <summary>A track of ten seconds with two utterances (2 to 4 s and 6 to 9 s), and an interview that says it from the beginning, in virtual time.</summary>
internal sealed class Scene
{
    public Scene(bool clearEnds = true)
    {
        Meter = new LoadMeter(Time);
        var track = clearEnds ? Track : Track with { Parts = [.. Track.Parts.Select(part => part with { ClearEnd = false })] };
        Ledger = new InterviewLedger(0, track, TimeSpan.Zero, Meter, Time);
        Began = Time.GetTimestamp();
        Ledger.Begin(Began);
    }

    public static SpeechTrack Track { get; } = new(
        MediaClip.Of(RtpCodec.Opus, [.. Enumerable.Range(0, 500).Select(packet => new ClipUnit(packet * SpeechTrack.PacketTime, KeyFrame: true, new byte[] { 0xF8, 0xFF, 0xFE }))], TimeSpan.FromSeconds(10)),
        [new SpokenPart("a", "one two", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)), new SpokenPart("b", "three", TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(9))]);

    public FakeTimeProvider Time { get; } = new();

    public LoadMeter Meter { get; }

    public InterviewLedger Ledger { get; }

    public long Began { get; }

    /// <summary>A timestamp so many seconds after the interview's first packet.</summary>
    public long At(double seconds) => Began + (long)(seconds * Time.TimestampFrequency);

    public void Caption(double start, double end, double at) => Ledger.Caption(TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end), At(at));
}
