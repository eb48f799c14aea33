using System.Diagnostics;
using System.Text;

namespace MediaScore.Recording;

/// <summary>
/// One run of FFmpeg's program between two streams. Media passes through the child's standard input and output only: no file, no socket, no name that another
/// user of the machine could open.
/// </summary>
internal sealed class FfmpegProcess(string program, TimeSpan timeLimit, TimeProvider timeProvider)
{
    private const int KeptErrorCharacters = 2000;

    /// <param name="feed">Writes the input; the stream is closed after it.</param>
    /// <exception cref="ClipExportException">It could not be started, failed, or ran over its limit.</exception>
    public async Task RunAsync(IEnumerable<string> arguments, Func<Stream, CancellationToken, Task> feed, Stream output, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeLimit, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = Start(arguments);
        var errors = ReadErrorsAsync(process.StandardError);
        try
        {
            var feeding = FeedAsync(process, feed, stop.Token);
            await process.StandardOutput.BaseStream.CopyToAsync(output, stop.Token);
            await feeding;
            await process.WaitForExitAsync(stop.Token);
            if (process.ExitCode != 0)
                throw new ClipExportException($"FFmpeg ended with {process.ExitCode}: {await errors}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new ClipExportException($"FFmpeg did not end within {timeLimit.TotalSeconds:0} s.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, ["-hide_banner", "-nostats", "-loglevel", "error", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            throw new ClipExportException($"FFmpeg ({program}) cannot be started: {fault.Message}. Install it with: apt-get install ffmpeg", fault);
        }
    }

    private static async Task FeedAsync(Process process, Func<Stream, CancellationToken, Task> feed, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            await feed(input, cancellationToken);
        }
        catch (IOException)
        {
            // The child closed its end: its exit code says why.
        }
    }

    /// <summary>Reads on to the end, so the child never waits, and keeps the beginning, where the cause stands.</summary>
    private static async Task<string> ReadErrorsAsync(StreamReader reader)
    {
        var kept = new StringBuilder();
        var block = new char[1024];
        while (await reader.ReadAsync(block) is > 0 and var count)
            kept.Append(block, 0, Math.Min(count, KeptErrorCharacters - kept.Length));
        return kept.ToString().Trim();
    }
}
