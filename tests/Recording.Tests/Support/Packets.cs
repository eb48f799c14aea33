using MediaScore.Timeline;

namespace MediaScore.Recording.Tests.Support;

/// <summary>Packets whose payload tells which they are.</summary>
internal static class Packets
{
    public static readonly TrackFormat Opus = new(TrackKind.Audio, MediaCodec.Opus, 48000, 1);
    public static readonly TrackFormat Vp8 = new(TrackKind.Video, MediaCodec.Vp8, 0, 0);

    public static RecordedPacket Audio(int sequence, int size = 20) =>
        new(TrackKind.Audio, (ulong)sequence, MediaTime.FromMilliseconds(sequence * 20), KeyFrame: false, Payload(sequence, size));

    public static RecordedPacket Video(int sequence, bool keyFrame, int size = 40) =>
        new(TrackKind.Video, (ulong)sequence, MediaTime.FromMilliseconds(sequence * 40), keyFrame, Payload(sequence + 1000, size));

    public static byte[] Payload(int seed, int size)
    {
        var payload = new byte[size];
        new Random(seed).NextBytes(payload);
        return payload;
    }

    public static void ShouldMatch(this RecordedPacket actual, RecordedPacket expected)
    {
        (actual with { Payload = default }).Equals(expected with { Payload = default }).ShouldBeTrue($"{actual} is not {expected}");
        actual.Payload.ToArray().ShouldBe(expected.Payload.ToArray());
    }
}
