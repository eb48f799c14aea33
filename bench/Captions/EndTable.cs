using System.Globalization;
using MediaScore.Load.Speech;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Audio;

namespace MediaScore.Benchmarks.Captions;

/// <summary>
/// How much later than the sound the voice detector says that speech has ended: the silence that ends an utterance is counted from there. The end of the sound is
/// that of the load driver (<see cref="VoicedRange"/>), whose latencies count from it; beside it the same with other thresholds. Recordings whose noise hides it are left out.
/// </summary>
internal static class EndTable
{
    public static async Task PrintAsync(VoiceActivityDetector detector, AudioPipelineOptions options, IReadOnlyList<Speech> speech)
    {
        Console.WriteLine($"{"sound ends at dB",18}{"p5 ms",8}{"p50 ms",8}{"p95 ms",8}");
        var ends = new List<(Speech Speech, double Seconds)>();
        List<Speech> clear = [.. speech.Where(one => VoicedRange.Of(one.Samples).IsClear)];
        foreach (var one in clear)
        {
            var last = Array.FindLastIndex(await PauseTable.ProbabilitiesAsync(detector, one.WithSilence(1)), probability => probability >= options.OffsetProbability);
            ends.Add((one, (last + 1.0) * SoundWindow.SampleCount / Speech.SampleRate));
        }

        foreach (var decibels in (double[])[20, 25, 30, VoicedRange.BelowLoudDb, 35, 40])
        {
            var lags = ends.Select(end => (end.Seconds - VoicedRange.Of(end.Speech.Samples, decibels).End.TotalSeconds) * 1000).Order().ToArray();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{-decibels,18}{At(lags, 0.05),8:F0}{At(lags, 0.5),8:F0}{At(lags, 0.95),8:F0}"));
        }

        Console.WriteLine($"{clear.Count} of {speech.Count} recordings; {VoicedRange.BelowLoudDb} dB is what latencies count from.");
    }

    private static double At(double[] ordered, double share) => ordered[(int)(share * (ordered.Length - 1))];
}
