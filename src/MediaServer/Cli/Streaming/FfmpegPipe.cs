using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using MediaScore.MediaServer.Diagnosis;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>FFmpeg's program with its output on a pipe. Disposing it ends the program.</summary>
internal sealed class FfmpegPipe : IAsyncDisposable
{
    // FFmpeg's last words; a broken file can make it say the same thing for every packet.
    private const int LongestComplaint = 2000;

    private readonly Process _process;
    private readonly StringBuilder _complaint = new();
    private readonly Task _listening;

    private FfmpegPipe(Process process)
    {
        _process = process;
        _listening = ListenAsync();
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <param name="program"><c>ffmpeg</c> or <c>ffprobe</c>.</param>
    /// <exception cref="CliException">The program is not installed.</exception>
    public static FfmpegPipe Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return new FfmpegPipe(Process.Start(start)!);
        }
        catch (Win32Exception e)
        {
            throw new CliException(ExitCode.Environment, $"{program} is not installed: {NativeParts.Install}", e);
        }
    }

    /// <summary>Waits for the end of the program. Read <see cref="Output"/> to its end first.</summary>
    /// <returns>Null where all went well, else FFmpeg's last complaint in one line.</returns>
    public async Task<string?> FinishAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        await _listening;
        if (_process.ExitCode == 0)
            return null;
        var lines = _complaint.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length > 0 ? lines[^1] : $"exit status {_process.ExitCode}";
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It ended between the question and the call.
            }
        }

        await _listening;
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        // Its complaints must be read, or a full pipe stops it.
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (_complaint.Length > LongestComplaint)
                _complaint.Remove(0, _complaint.Length - LongestComplaint);
            _complaint.Append(line).Append('\n');
        }
    }
}
