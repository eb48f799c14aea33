using System.Globalization;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines.Audio;

namespace MediaScore.Benchmarks.Captions;

/// <summary>
/// How much later than the sound the voice detector says that speech has ended: the silence that ends an utterance is counted from there. The end of the sound is the last
/// 10 ms that are less than so many decibels weaker than the loudest of the recording.
/// </summary>
internal static class EndTable
{
    private const int StepSamples = Speech.SampleRate / 100;

    public static async Task PrintAsync(VoiceActivityDetector detector, AudioPipelineOptions options, IReadOnlyList<Speech> speech)
    {
        Console.WriteLine($"{"sound ends at dB",18}{"p5 ms",8}{"p50 ms",8}{"p95 ms",8}");
        var ends = new List<(Speech Speech, double Seconds)>();
        foreach (var one in speech)
        {
            var last = Array.FindLastIndex(await PauseTable.ProbabilitiesAsync(detector, one.WithSilence(1)), probability => probability >= options.OffsetProbability);
            ends.Add((one, (last + 1.0) * SoundWindow.SampleCount / Speech.SampleRate));
        }

        foreach (var decibels in (int[])[20, 25, 30, 35, 40])
        {
            var lags = ends.Select(end => (end.Seconds - SoundEnd(end.Speech.Samples, decibels)) * 1000).Order().ToArray();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{-decibels,18}{At(lags, 0.05),8:F0}{At(lags, 0.5),8:F0}{At(lags, 0.95),8:F0}"));
        }
    }

    private static double At(double[] ordered, double share) => ordered[(int)(share * (ordered.Length - 1))];

    private static double SoundEnd(float[] samples, int decibels)
    {
        var powers = samples.Chunk(StepSamples).Select(step => step.Sum(sample => (double)sample * sample)).ToArray();
        return (Array.FindLastIndex(powers, power => power >= powers.Max() * Math.Pow(10, -decibels / 10.0)) + 1.0) * StepSamples / Speech.SampleRate;
    }
}
