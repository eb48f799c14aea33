using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>One thing to send, in media order: a packet of sound or picture, a marker, an answer in writing. Without its sequence number.</summary>
/// <param name="Time">On the file's clock.</param>
/// <param name="Payload">Owned by the item.</param>
internal sealed record FeedItem(Track Track, TimeSpan Time, byte[] Payload, bool KeyFrame = false, ScriptedAnswer? Answer = null, StageMarkerKind Marker = StageMarkerKind.Unspecified)
{
    public long TimeUs => (long)Time.TotalMicroseconds;
}
