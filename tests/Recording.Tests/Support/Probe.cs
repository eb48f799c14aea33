using System.Diagnostics;
using System.Text.Json;

namespace MediaScore.Recording.Tests.Support;

/// <summary>What FFmpeg, which had no part in writing it, says of a file.</summary>
/// <param name="FormatName">Of the container.</param>
/// <param name="Duration">As the container tells it; null without one.</param>
/// <param name="Streams">Codec name and type of each.</param>
internal sealed record Probe(string FormatName, TimeSpan? Duration, IReadOnlyList<ProbedStream> Streams)
{
    public ProbedStream Audio => Streams.Single(stream => stream.Type == "audio");

    public ProbedStream Video => Streams.Single(stream => stream.Type == "video");

    /// <summary>Decodes everything and fails on the first complaint.</summary>
    public static async Task<Probe> DecodeAsync(byte[] file)
    {
        var (_, errors) = await RunAsync("ffmpeg", ["-v", "error", "-xerror", "-threads", "1", "-i", "pipe:0", "-f", "null", "-"], file);
        errors.ShouldBeEmpty();
        var (json, _) = await RunAsync(
            "ffprobe", ["-v", "error", "-print_format", "json", "-show_format", "-show_streams", "-show_packets", "-show_entries", "format:stream:packet=stream_index,pts_time,flags", "pipe:0"], file);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var packets = root.GetProperty("packets").EnumerateArray()
            .Select(packet => (Stream: packet.GetProperty("stream_index").GetInt32(), Time: double.Parse(packet.GetProperty("pts_time").GetString()!), KeyFrame: packet.GetProperty("flags").GetString()!.StartsWith('K')))
            .ToList();
        var streams = root.GetProperty("streams").EnumerateArray().Select(stream =>
        {
            var own = packets.Where(packet => packet.Stream == stream.GetProperty("index").GetInt32()).ToList();
            return new ProbedStream(
                stream.GetProperty("codec_type").GetString()!, stream.GetProperty("codec_name").GetString()!,
                stream.TryGetProperty("width", out var width) ? width.GetInt32() : 0, stream.TryGetProperty("height", out var height) ? height.GetInt32() : 0,
                own.Count, own[0].KeyFrame, own[0].Time, own[^1].Time);
        }).ToList();
        var format = root.GetProperty("format");
        TimeSpan? duration = format.TryGetProperty("duration", out var seconds) ? TimeSpan.FromSeconds(double.Parse(seconds.GetString()!)) : null;
        return new Probe(format.GetProperty("format_name").GetString()!, duration, streams);
    }

    private static async Task<(string Output, string Errors)> RunAsync(string program, string[] arguments, byte[] input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, limit.Token);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It had read enough; its exit code and errors tell.
        }

        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.ShouldBe(0, await errors);
        return (await output, await errors);
    }
}

/// <summary>One stream of a probed file.</summary>
internal sealed record ProbedStream(string Type, string Codec, int Width, int Height, int PacketCount, bool BeginsWithKeyFrame, double FirstTime, double LastTime);
