using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>The container a clip is written in.</summary>
public enum ClipFormat
{
    /// <summary>Every codec as it was recorded; for archives and tools.</summary>
    Matroska,

    /// <summary>Plays in browsers: Opus and VP8 as recorded; PCM, H.264 and JPEG are transcoded by FFmpeg.</summary>
    WebM,

    /// <summary>Fragmented MP4 for H.264 recordings: pictures as recorded, sound as AAC; made by FFmpeg.</summary>
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
/// <param name="RecordingEnd">How the recording ended, where the clip reached its end.</param>
public sealed record ExportedClip(MediaRange Range, long AudioPacketCount, long VideoPacketCount, LogEnd RecordingEnd);

/// <summary>Makes playable media from a recording, decrypted on the way; no plaintext touches the disk.</summary>
public sealed class ClipExporter
{
    /// <param name="ffmpeg">FFmpeg's program, by name or path; needed for what has to be transcoded only.</param>
    /// <param name="timeLimit">Longest run of FFmpeg; null: two minutes.</param>
    public ClipExporter(string ffmpeg = "ffmpeg", TimeSpan? timeLimit = null, TimeProvider? timeProvider = null)
    {
        _ = ffmpeg;
        _ = timeLimit;
        _ = timeProvider;
    }

    /// <summary>Writes the clip to <paramref name="output"/>, which is left open; it need not seek.</summary>
    /// <param name="range">What is wanted; null: the whole recording.</param>
    /// <exception cref="ClipExportException">Nothing to export in this range, or FFmpeg failed or ran over its limit.</exception>
    public Task<ExportedClip> ExportAsync(
        RecordingReader reader, MediaRange? range, ClipTracks tracks, ClipFormat format, Stream output, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Clips are being built.");
}

/// <summary>No clip could be made. The message says why.</summary>
public sealed class ClipExportException(string message, Exception? innerException = null) : Exception(message, innerException);
