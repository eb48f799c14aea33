using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>The container a clip is written in.</summary>
public enum ClipFormat
{
    /// <summary>Every codec as it was recorded; for archives and tools.</summary>
    Matroska,

    /// <summary>Plays in browsers: Opus and VP8 as recorded; PCM, H.264 and JPEG are transcoded by FFmpeg.</summary>
    WebM,

    /// <summary>
    /// Fragmented MP4, made by FFmpeg: H.264 as recorded, other pictures transcoded to it, sound as AAC. Unlike the others, a file that breaks off is refused by browsers at its last fragment.
    /// </summary>
    Mp4,
}

/// <summary>Which tracks a clip holds.</summary>
[Flags]
public enum ClipTracks
{
    Audio = 1,
    Video = 2,
    All = Audio | Video,
}

/// <summary>What was written.</summary>
/// <param name="Range">The media in it: begins at the key frame before the wanted start where there are pictures.</param>
/// <param name="AudioPacketCount">Packets read from the recording.</param>
/// <param name="VideoPacketCount">Packets read from the recording.</param>
/// <param name="RecordingEnd">How the recording ended.</param>
public sealed record ExportedClip(MediaRange Range, long AudioPacketCount, long VideoPacketCount, LogEnd RecordingEnd);

/// <summary>No clip could be made. The message says why.</summary>
public sealed class ClipExportException(string message, Exception? innerException = null) : Exception(message, innerException);
