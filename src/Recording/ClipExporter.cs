using MediaScore.Recording.Matroska;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>Makes playable media from a recording, decrypted on the way; no plaintext touches the disk. Holds no state: one for all clips.</summary>
public sealed class ClipExporter
{
    private const int AudioNumber = 1;
    private const int VideoNumber = 2;

    // How long a packet lasts is known to its decoder only. Opus is sent in 20 ms; a picture stays for about 40.
    private static readonly TimeSpan LastPacketDuration = TimeSpan.FromMilliseconds(20);

    private readonly FfmpegProcess _ffmpeg;

    /// <param name="ffmpeg">FFmpeg's program, by name or path; needed for what has to be transcoded only.</param>
    /// <param name="timeLimit">Longest run of FFmpeg; null: two minutes.</param>
    public ClipExporter(string ffmpeg = "ffmpeg", TimeSpan? timeLimit = null, TimeProvider? timeProvider = null) =>
        _ffmpeg = new FfmpegProcess(ffmpeg, timeLimit ?? TimeSpan.FromMinutes(2), timeProvider ?? TimeProvider.System);

    /// <summary>The media type of a clip, for HTTP.</summary>
    public static string ContentType(ClipFormat format, ClipTracks tracks) => format switch
    {
        ClipFormat.Matroska => "video/x-matroska",
        ClipFormat.Mp4 => tracks == ClipTracks.Audio ? "audio/mp4" : "video/mp4",
        _ => tracks == ClipTracks.Audio ? "audio/webm" : "video/webm",
    };

    /// <summary>Writes the clip to <paramref name="output"/>, which is left open; it need not seek.</summary>
    /// <param name="range">What is wanted; null: the whole recording.</param>
    /// <exception cref="ClipExportException">Nothing to export in this range, or FFmpeg failed or ran over its limit. Bytes may have been written already.</exception>
    public async Task<ExportedClip> ExportAsync(
        RecordingReader reader, MediaRange? range, ClipTracks tracks, ClipFormat format, Stream output, CancellationToken cancellationToken = default)
    {
        using var source = ClipSource.Open(reader, range, tracks);
        if (source.Audio is null && source.Video is null)
        {
            throw new ClipExportException(range is { } wanted
                ? $"The recording holds no {Describe(tracks)} in {wanted}."
                : $"The recording holds no {Describe(tracks)}.");
        }

        var audio = source.Audio?.Format.Codec;
        var video = source.Video?.Format.Codec;
        var asRecorded = format == ClipFormat.Matroska
            || (format == ClipFormat.WebM && audio is null or MediaCodec.Opus && video is null or MediaCodec.Vp8);
        if (asRecorded)
            return await MuxAsync(source, format == ClipFormat.WebM, output, cancellationToken);

        ExportedClip? clip = null;
        await _ffmpeg.RunAsync(
            TranscodeArguments(format, audio, video), async (input, stop) => clip = await MuxAsync(source, isWebM: false, input, stop), output, cancellationToken);
        return clip ?? throw new ClipExportException("FFmpeg ended before it had read the clip.");
    }

    private static string Describe(ClipTracks tracks) =>
        tracks switch { ClipTracks.Audio => "sound", ClipTracks.Video => "picture that can be decoded", _ => "sound or picture" };

    private static IEnumerable<string> TranscodeArguments(ClipFormat format, MediaCodec? audio, MediaCodec? video)
    {
        // One thread: a clip must not take the cores from running interviews.
        string[] input = ["-threads", "1", "-f", "matroska", "-i", "pipe:0", "-threads", "1"];
        return format == ClipFormat.WebM
            ? [.. input,
                .. Codec(audio, "-c:a", MediaCodec.Opus, ["libopus", "-b:a", "32k"]),
                .. Codec(video, "-c:v", MediaCodec.Vp8, ["libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M"]),
                "-f", "webm", "pipe:1"]
            : [.. input,
                .. Codec(audio, "-c:a", MediaCodec.None, ["aac", "-b:a", "96k"]),
                // No B pictures: their delay would let the film begin later than its file.
                .. Codec(video, "-c:v", MediaCodec.H264, ["libx264", "-preset", "veryfast", "-bf", "0", "-pix_fmt", "yuv420p"]),
                "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", "pipe:1"];
    }

    private static string[] Codec(MediaCodec? recorded, string option, MediaCodec kept, string[] encoder) =>
        recorded is null ? [] : recorded == kept ? [option, "copy"] : [option, .. encoder];

    private static async Task<ExportedClip> MuxAsync(ClipSource source, bool isWebM, Stream output, CancellationToken cancellationToken)
    {
        var writer = new MatroskaWriter(output);
        var tracks = new List<MatroskaTrack>(2);
        if (source.Audio is { } audio)
            tracks.Add(MatroskaTracks.ForAudio(AudioNumber, audio.Format, audio.Current));
        if (source.Video is { } video)
            tracks.Add(MatroskaTracks.TryForVideo(VideoNumber, video.Format, video.Current)!);
        writer.WriteHeader(isWebM, tracks, source.Range.Duration + LastPacketDuration);

        var (audioCount, videoCount) = (0L, 0L);
        var last = source.Range.Start;
        while (source.TryTakeNext(out var track, out var packet))
        {
            var isVideo = packet.Track == TrackKind.Video;
            if (isVideo)
                videoCount++;
            else
                audioCount++;
            last = packet.Time;
            ReadOnlyMemory<byte> payload = track.Codec == MediaCodec.H264 ? AnnexB.ToLengthPrefixed(packet.Payload.Span) : packet.Payload;
            await writer.WriteBlockAsync(
                isVideo ? VideoNumber : AudioNumber, packet.Time - source.Range.Start, packet.KeyFrame || !isVideo || track.Codec == MediaCodec.Jpeg, payload,
                beginsCluster: isVideo && packet.KeyFrame, cancellationToken);
        }

        await writer.FlushAsync(cancellationToken);
        return new ExportedClip(new MediaRange(source.Range.Start, last.Add(LastPacketDuration)), audioCount, videoCount, source.RecordingEnd);
    }
}
