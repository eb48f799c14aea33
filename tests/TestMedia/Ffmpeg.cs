using System.Collections.Concurrent;
using System.Diagnostics;

namespace MediaScore.TestMedia;

/// <summary>The ffmpeg program as an independent maker of test media.</summary>
public static class Ffmpeg
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private static readonly ConcurrentDictionary<string, Task<byte[]>> Made = new();

    /// <summary>Whether the program is on this machine's path.</summary>
    public static bool IsAvailable { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "ffmpeg")));

    public const string SkipReason = "Needs the ffmpeg program: apt-get install ffmpeg.";

    /// <summary>What <c>ffmpeg ARGUMENTS</c> writes to its standard output. The answer is remembered for the test run; don't change the array.</summary>
    /// <param name="arguments">Blank-separated, without quoting; the output is <c>pipe:1</c>.</param>
    public static Task<byte[]> MakeAsync(string arguments) =>
        Made.GetOrAdd(arguments, static text => RunAsync(Split(text), []));

    /// <summary>The same with bytes on its standard input (<c>pipe:0</c>); not remembered.</summary>
    public static Task<byte[]> ConvertAsync(byte[] input, string arguments) => RunAsync(Split(arguments), input);

    /// <summary>Arguments one by one, for paths with blanks.</summary>
    public static async Task<byte[]> RunAsync(IEnumerable<string> arguments, byte[] input)
    {
        var start = new ProcessStartInfo("ffmpeg") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-hide_banner", "-loglevel", "error", "-threads", "1", .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        using var limit = new CancellationTokenSource(TimeLimit);
        using var output = new MemoryStream();
        try
        {
            // Three pipes at once: each blocks when full.
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await Task.WhenAll(FeedAsync(process, input, limit.Token), process.StandardOutput.BaseStream.CopyToAsync(output, limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"ffmpeg ended with {process.ExitCode}: {await errors}");
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"ffmpeg did not end within {TimeLimit}.", late);
        }
    }

    private static string[] Split(string arguments) => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async Task FeedAsync(Process process, byte[] input, CancellationToken cancellationToken)
    {
        try
        {
            await using var pipe = process.StandardInput.BaseStream;
            await pipe.WriteAsync(input, cancellationToken);
        }
        catch (IOException)
        {
            // It had read enough.
        }
    }
}
