using MediaScore.TestMedia;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>A real utterance as PCM16, where the media are there.</summary>
internal static class TestSound
{
    /// <summary>LibriSpeech and similar clips; the first of the shared ones.</summary>
    public static string? SpeechFile { get; } = SharedTestData.TryFind("speech-en", "librispeech-test-other") is { } folder
        ? Directory.EnumerateFiles(folder, "*.flac", SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault()
        : null;

    /// <summary>16 kHz mono PCM16, 100 ms a piece; the last one is filled up with silence.</summary>
    public static async Task<IReadOnlyList<byte[]>> ReadSpeechAsync()
    {
        var pcm = await Ffmpeg.RunAsync(["-i", SpeechFile!, "-ac", "1", "-ar", "16000", "-f", "s16le", "pipe:1"], []);
        return [.. pcm.Chunk(3200).Select(c => c.Length == 3200 ? c : [.. c, .. new byte[3200 - c.Length]])];
    }
}
