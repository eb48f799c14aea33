using System.Globalization;
using MediaScore.Inference;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Audio;

namespace MediaScore.Benchmarks.Captions;

/// <summary>
/// How long people pause inside an utterance, by the voice detector: what a recogniser that begins after so much silence would do for nothing, because speech goes on.
/// </summary>
internal static class PauseTable
{
    // Longer than the longest closing silence of the table.
    private const double SilenceBehindSeconds = 2;

    public static async Task PrintAsync(VoiceActivityDetector detector, AudioPipelineOptions options, IReadOnlyList<Speech> speech)
    {
        foreach (var part in speech.GroupBy(one => one.Part))
        {
            var pauses = new List<Pause>();
            foreach (var one in part)
                Find(await ProbabilitiesAsync(detector, one.WithSilence(SilenceBehindSeconds)), options, pauses);
            Print(part.Key, pauses, options);
        }
    }

    public static async Task<float[]> ProbabilitiesAsync(VoiceActivityDetector detector, float[] sound)
    {
        var probabilities = new float[sound.Length / SoundWindow.SampleCount];
        using var stream = detector.Open("pauses");
        await stream.PushManyAsync(sound.AsMemory(0, probabilities.Length * SoundWindow.SampleCount), probabilities, RequestClass.Deferred);
        return probabilities;
    }

    /// <summary>The same rules as the segmenter's, without the length limit.</summary>
    private static void Find(float[] probabilities, AudioPipelineOptions options, List<Pause> pauses)
    {
        int? start = null;
        var voicedEnd = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (start is null && probabilities[i] >= options.OnsetProbability)
                (start, voicedEnd) = (i, i + 1);
            else if (start is { } began && probabilities[i] >= options.OffsetProbability)
            {
                if (i > voicedEnd)
                    pauses.Add(new Pause(i - voicedEnd, voicedEnd - began, Closes: false));
                voicedEnd = i + 1;
            }
            else if (start is { } open && i + 1 - voicedEnd >= ClosingWindows(options, voicedEnd - open))
            {
                pauses.Add(new Pause(i + 1 - voicedEnd, voicedEnd - open, Closes: true));
                start = null;
            }
        }
    }

    private static int ClosingWindows(AudioPipelineOptions options, int speechWindows) =>
        WindowsIn(speechWindows * Window * 1000 < options.ShortUtteranceMs ? options.ShortEndSilenceMs : options.EndSilenceMs);

    private static void Print(string part, List<Pause> pauses, AudioPipelineOptions options)
    {
        var closed = pauses.Where(pause => pause.Closes).ToList();
        var needed = closed.Sum(pause => pause.SpeechWindows);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{part}: {closed.Count} utterances, {needed * Window:F0} s, {closed.Count(pause => pause.SpeechWindows * Window * 1000 < options.ShortUtteranceMs)} of them short"));
        Console.WriteLine($"{"begin after ms",16}{"begun",8}{"for nothing",13}{"sound for nothing",19}");
        var most = Math.Max(WindowsIn(options.EndSilenceMs), WindowsIn(options.ShortEndSilenceMs));
        for (var windows = WindowsIn(options.PaddingAfterMs); windows < most; windows++)
        {
            // Where the silence ends the utterance no later, there is nothing to begin early.
            var begun = pauses.Where(pause => pause.Windows >= windows && windows < ClosingWindows(options, pause.SpeechWindows)).ToList();
            var wasted = begun.Where(pause => !pause.Closes).ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{windows * Window * 1000,16:F0}{begun.Count,8}{(double)wasted.Count / closed.Count,13:P1}{(double)wasted.Sum(pause => pause.SpeechWindows) / needed,19:P1}"));
        }
    }

    private static double Window => (double)SoundWindow.SampleCount / SoundWindow.SampleRate;

    private static int WindowsIn(int milliseconds) => (int)Math.Ceiling(milliseconds / 1000.0 / Window);

    /// <param name="Windows">Its length.</param>
    /// <param name="SpeechWindows">From the utterance's first speech window to the pause: what a recogniser would be given.</param>
    private readonly record struct Pause(int Windows, int SpeechWindows, bool Closes);
}
