using System.Globalization;
using MediaScore.Inference;
using MediaScore.TestMedia;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Benchmarks;

/// <summary><c>--voice-activity PACKAGED</c>: the packaged Silero VAD beside the one composed of its weights, one thread, no pool: CPU time, and whether they hear alike.</summary>
internal static class VoiceActivityTable
{
    private const int Row = 576;
    private const int Window = 512;
    private const int State = 256;

    // Begin and end of speech in the audio pipeline's options.
    private static readonly float[] Thresholds = [0.5f, 0.35f];

    public static async Task<int> RunAsync(string packagedPath)
    {
        var composedPath = BenchmarkModels.Find("silero-vad");
        Console.WriteLine($"{"rows",6}{"packaged, µs a row",22}{"composed, µs a row",22}");
        foreach (var rowCount in (int[])[1, 2, 8, 16, 32, 64, 100, 128])
        {
            using var packaged = RawModel.VoiceActivity(packagedPath, rowCount);
            using var composed = RawModel.VoiceActivity(composedPath, rowCount);
            var (packagedBest, composedBest) = (double.MaxValue, double.MaxValue);
            for (var turn = 0; turn < 5; turn++)
            {
                packagedBest = Math.Min(packagedBest, ThreadMicroseconds(packaged, rowCount));
                composedBest = Math.Min(composedBest, ThreadMicroseconds(composed, rowCount));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rowCount,6}{packagedBest,22:F1}{composedBest,22:F1}"));
        }

        await CompareOnSpeechAsync(packagedPath, composedPath);
        return 0;
    }

    private static double ThreadMicroseconds(RawModel model, int rowCount)
    {
        var runs = 2000 / rowCount;
        var begun = ThreadCpuClock.Now;
        for (var i = 0; i < runs; i++)
            model.Run();
        return (ThreadCpuClock.Now - begun) * 1e-3 / runs / rowCount;
    }

    private static async Task CompareOnSpeechAsync(string packagedPath, string composedPath)
    {
        if (SpeechCorpus.TryLoad() is not { } utterances)
        {
            Console.WriteLine(SharedTestData.SkipReason);
            return;
        }

        using var packagedSession = OnnxSessions.Open(packagedPath, varyingShapes: false);
        using var composedSession = OnnxSessions.Open(composedPath, varyingShapes: false);
        var (windowCount, largest, decidedOtherwise) = (0, 0f, 0);
        foreach (var utterance in utterances)
        {
            var sound = await SpokenSound.DecodeAsync(utterance.Path);
            var packaged = Probabilities(packagedSession, sound);
            var composed = Probabilities(composedSession, sound);
            for (var i = 0; i < packaged.Count; i++)
            {
                largest = Math.Max(largest, Math.Abs(packaged[i] - composed[i]));
                decidedOtherwise += Thresholds.Count(threshold => packaged[i] >= threshold != composed[i] >= threshold);
            }

            windowCount += packaged.Count;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{windowCount} windows of the test media's speech: probabilities differ by {largest:E1} at most; {decidedOtherwise} lie on the other side of a threshold ({string.Join(" or ", Thresholds)})"));
    }

    private static List<float> Probabilities(InferenceSession session, float[] sound)
    {
        var (row, state, stateNext, probability) = (new float[Row], new float[State], new float[State], new float[1]);
        using var options = new RunOptions();
        using var rate = OrtValue.CreateTensorValueFromMemory(new long[] { 16_000 }, []);
        using var input = OrtValue.CreateTensorValueFromMemory(row, [1, Row]);
        using var stateIn = OrtValue.CreateTensorValueFromMemory(state, [2, 1, State / 2]);
        using var stateOut = OrtValue.CreateTensorValueFromMemory(stateNext, [2, 1, State / 2]);
        using var output = OrtValue.CreateTensorValueFromMemory(probability, [1, 1]);
        var probabilities = new List<float>();
        for (var at = 0; at + Window <= sound.Length; at += Window)
        {
            row.AsSpan(Window).CopyTo(row);
            sound.AsSpan(at, Window).CopyTo(row.AsSpan(Row - Window));
            session.Run(options, ["input", "sr", "state"], [input, rate, stateIn], ["output", "stateN"], [output, stateOut]);
            stateNext.CopyTo(state, 0);
            probabilities.Add(probability[0]);
        }

        return probabilities;
    }
}
