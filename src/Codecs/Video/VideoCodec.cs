namespace MediaScore.Codecs.Video;

/// <summary>Picture codecs that can be decoded.</summary>
public enum VideoCodec
{
    /// <summary>RFC 6386; one frame a payload.</summary>
    Vp8,

    /// <summary>ITU-T H.264, Annex B byte stream; one access unit a payload, parameter sets before each IDR picture.</summary>
    H264,

    /// <summary>Baseline or progressive JPEG; one picture a payload.</summary>
    Jpeg,

    /// <summary>PNG; one picture a payload. No stream is coded so: files of photos are.</summary>
    Png,
}
