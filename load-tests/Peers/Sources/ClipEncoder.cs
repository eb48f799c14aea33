using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace MediaScore.Peers.Sources;

/// <summary>
/// Makes clips as browsers would encode them, by the ffmpeg program, once: the file's name is the hash of what made it. Any input that FFmpeg reads.
/// </summary>
public sealed class ClipEncoder(string? folder = null)
{
    private readonly string _folder = folder ?? Path.Combine(Path.GetTempPath(), "mediascore-clips");

    /// <summary>Mono Opus with in-band error correction for 10 % loss, 20 ms a packet: what browsers send for speech.</summary>
    /// <param name="input">FFmpeg arguments up to and with the last <c>-i</c> and its file.</param>
    public Task<string> OpusAsync(IReadOnlyList<string> input, int kilobitsPerSecond = 28, CancellationToken cancellationToken = default) => MakeAsync(
        "ogg",
        [
            .. input, "-vn", "-ac", "1", "-ar", "48000", "-c:a", "libopus", "-application", "voip", "-b:a", $"{kilobitsPerSecond}k", "-frame_duration", "20",
            "-fec", "1", "-packet_loss", "10",
        ],
        cancellationToken);

    /// <summary>VP8, 640x480, a key frame a second, real-time settings.</summary>
    public Task<string> Vp8Async(IReadOnlyList<string> input, int framesPerSecond = 15, int kilobitsPerSecond = 600, CancellationToken cancellationToken = default) => MakeAsync(
        "ivf",
        [
            .. input, "-an", "-r", $"{framesPerSecond}", "-vf", "scale=640:480", "-pix_fmt", "yuv420p", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8",
            "-g", $"{framesPerSecond}", "-b:v", $"{kilobitsPerSecond}k", "-maxrate", $"{kilobitsPerSecond * 5 / 4}k", "-bufsize", $"{kilobitsPerSecond}k",
        ],
        cancellationToken);

    /// <summary>H.264 constrained baseline, 640x480, a key frame a second, with delimiters for the reader.</summary>
    public Task<string> H264Async(IReadOnlyList<string> input, int framesPerSecond = 15, int kilobitsPerSecond = 600, CancellationToken cancellationToken = default) => MakeAsync(
        "h264",
        [
            .. input, "-an", "-r", $"{framesPerSecond}", "-vf", "scale=640:480", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-profile:v", "baseline", "-preset", "veryfast",
            "-tune", "zerolatency", "-g", $"{framesPerSecond}", "-b:v", $"{kilobitsPerSecond}k", "-maxrate", $"{kilobitsPerSecond * 5 / 4}k",
            "-bufsize", $"{kilobitsPerSecond}k", "-bsf:v", "h264_metadata=aud=insert",
        ],
        cancellationToken);

    /// <summary>FFmpeg's moving test picture, where there is no recording.</summary>
    public static IReadOnlyList<string> SyntheticPicture(TimeSpan duration, int framesPerSecond = 15) =>
        ["-f", "lavfi", "-i", FormattableString.Invariant($"testsrc2=size=640x480:rate={framesPerSecond}:duration={duration.TotalSeconds}")];

    /// <summary>A tone that comes and goes twice a second.</summary>
    public static IReadOnlyList<string> SyntheticSound(TimeSpan duration) =>
        ["-f", "lavfi", "-i", FormattableString.Invariant($"sine=frequency=330:sample_rate=48000:duration={duration.TotalSeconds},tremolo=f=2:d=0.9")];

    private async Task<string> MakeAsync(string extension, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', arguments))).AsSpan(0, 12));
        var path = Path.Combine(_folder, $"{name}.{extension}");
        if (File.Exists(path))
            return path;

        // Under another name until it is whole: several test runs may share the folder.
        var unfinished = Path.Combine(_folder, $"{name}.{Guid.NewGuid():N}.{extension}");
        var start = new ProcessStartInfo("ffmpeg") { UseShellExecute = false, RedirectStandardError = true };
        foreach (var argument in (string[])["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", .. arguments, unfinished])
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
            var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"ffmpeg ended with {process.ExitCode}: {errors}");
            File.Move(unfinished, path, overwrite: true);
            return path;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
