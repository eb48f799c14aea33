using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>One packet as the client sent it.</summary>
/// <param name="Sequence">The client's number within the track.</param>
/// <param name="Time">On the interview's own clock, mapped by the session; does not run backwards within a track.</param>
/// <param name="KeyFrame">Video that can be decoded alone.</param>
/// <param name="Payload">Up to <see cref="MaxPayloadBytes"/>. Given to a writer: copied before it returns. From a reader: a slice of an array nobody else writes to, so it may be kept.</param>
public readonly record struct RecordedPacket(TrackKind Track, ulong Sequence, MediaTime Time, bool KeyFrame, ReadOnlyMemory<byte> Payload)
{
    /// <summary>1 MiB: twice the wire's limit of a video packet.</summary>
    public const int MaxPayloadBytes = 1 << 20;
}

/// <summary>One thing found in a recording: a track's format (before the first packet of that track) or a packet.</summary>
/// <param name="Format">Set for a format; then <paramref name="Packet"/> is empty.</param>
public readonly record struct RecordingEntry(TrackFormat? Format, RecordedPacket Packet)
{
    public bool IsPacket => Format is null;
}

/// <summary>How far a track goes.</summary>
/// <param name="NextSequence">One more than the largest number it holds; 0 for an empty track.</param>
/// <param name="LastTime">Time of its latest packet.</param>
/// <param name="PacketCount">Packets it holds.</param>
public readonly record struct TrackPosition(ulong NextSequence, MediaTime LastTime, long PacketCount);
