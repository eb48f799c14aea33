namespace MediaScore.Recording;

/// <summary>The tracks of an interview; the values are those on disk.</summary>
public enum TrackKind : byte
{
    Audio = 1,
    Video = 2,

    /// <summary>Stage markers, written answers and the end; the payload belongs to the session.</summary>
    Control = 3,
}

/// <summary>How a packet's payload is coded; the values are those on disk.</summary>
public enum MediaCodec : byte
{
    None = 0,

    /// <summary>One Opus packet (RFC 6716).</summary>
    Opus = 1,

    /// <summary>Little-endian, interleaved.</summary>
    Pcm16 = 2,

    /// <summary>One VP8 frame (RFC 6386).</summary>
    Vp8 = 3,

    /// <summary>One access unit, Annex B.</summary>
    H264 = 4,

    /// <summary>One JFIF picture.</summary>
    Jpeg = 5,
}

/// <summary>What a track carries. Never changes within an interview.</summary>
/// <param name="SampleRate">Samples a second (Opus: 48000); 0 for video and control.</param>
/// <param name="Channels">1 to 8; 0 for video and control.</param>
public sealed record TrackFormat(TrackKind Track, MediaCodec Codec, int SampleRate, int Channels);
