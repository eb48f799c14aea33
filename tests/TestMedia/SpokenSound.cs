using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MediaScore.TestMedia;

/// <summary>Sound for tests as the models want it: mono, 16 kHz, float, -1 to 1.</summary>
public static class SpokenSound
{
    /// <summary>Decodes any file that the FFmpeg program reads.</summary>
    public static async Task<float[]> DecodeAsync(string path)
    {
        var bytes = await Ffmpeg.RunAsync(["-i", path, "-ac", "1", "-ar", "16000", "-f", "f32le", "pipe:1"], []);
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    /// <summary>A sentence read by espeak-ng; null where the program is not installed.</summary>
    public static async Task<float[]?> TrySpeakAsync(string text)
    {
        var wave = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.wav");
        try
        {
            var start = new ProcessStartInfo("espeak-ng", ["-v", "en-us", "-s", "150", "-w", wave, text]) { UseShellExecute = false };
            using var process = Process.Start(start) ?? throw new InvalidOperationException("espeak-ng did not start.");
            await process.WaitForExitAsync();
            return await DecodeAsync(wave);
        }
        catch (Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(wave);
        }
    }
}
