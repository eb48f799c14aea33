using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MediaScore.TestMedia;

/// <summary>Sound for tests as the models want it: mono, 16 kHz, float, -1 to 1.</summary>
public static class SoundFile
{
    /// <summary>Decodes any file that the FFmpeg program reads.</summary>
    public static float[] Decode(string path) => Run("ffmpeg", ["-v", "error", "-i", path, "-ac", "1", "-ar", "16000", "-f", "f32le", "-"]);

    /// <summary>A sentence read by espeak-ng; null where the program is not installed.</summary>
    public static float[]? TrySpeak(string text)
    {
        var wave = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.wav");
        try
        {
            _ = Run("espeak-ng", ["-v", "en-us", "-s", "150", "-w", wave, text]);
            return Decode(wave);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(wave);
        }
    }

    private static float[] Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException($"{program} did not start.");
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0
            ? MemoryMarshal.Cast<byte, float>(output.ToArray()).ToArray()
            : throw new InvalidDataException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
