using MediaScore.Recording;

namespace MediaScore.Pipelines.Session;

/// <summary>One media packet as a connection delivers it.</summary>
/// <param name="Track">Audio or video.</param>
/// <param name="Sequence">Counts up by one in the track, over all connections.</param>
/// <param name="MediaTimeUs">On the client's clock, microseconds.</param>
/// <param name="KeyFrame">Video: what the client says; the bitstream has the last word.</param>
/// <param name="Payload">Must stay unchanged until the session is done with it, so a pooled buffer has to be copied first.</param>
public readonly record struct IncomingPacket(TrackKind Track, ulong Sequence, long MediaTimeUs, bool KeyFrame, ReadOnlyMemory<byte> Payload);
