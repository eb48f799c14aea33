using System.Runtime.InteropServices;
using MediaScore.TestMedia;

namespace MediaScore.Perception.Tests.Speech;

internal static class SoundFile
{
    /// <summary>Mono, 16 kHz, [-1, 1].</summary>
    public static async Task<float[]> ReadAsync(string path)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var bytes = await Ffmpeg.RunAsync(["-i", path, "-ac", "1", "-ar", "16000", "-f", "f32le", "pipe:1"], []);
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }
}
