using System.Globalization;
using MediaScore.Inference;
using MediaScore.Perception.Language;
using MediaScore.Perception.Speech;

namespace MediaScore.Benchmarks;

/// <summary>
/// <c>--quick</c>: the table of <c>bench/README.md</c> in about a minute and a half. CPU times, since they bear a busy machine; BenchmarkDotNet's runs are the ones to compare
/// small changes with.
/// </summary>
internal static class QuickTable
{
    private static readonly TimeSpan EachTakes = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync()
    {
        Console.WriteLine("CPU microseconds a row: ONNX Runtime alone; through the pool, in the model; through the pool, whole process. Bytes allocated a row.");
        Console.WriteLine($"{"model",-28}{"rows",6}{"raw",10}{"pool model",12}{"pool all",10}{"over raw",10}{"B/row",9}");
        foreach (var streamCount in (int[])[1, 8, 32, 100])
            await VoiceActivityAsync(streamCount);
        await ManyWindowsAsync();
        foreach (var sentenceCount in (int[])[1, 8])
            await SentencesAsync(sentenceCount);
        await SpeechEncoderAsync();
        foreach (var utteranceCount in (int[])[1, 8, 16])
            await SpeechDecoderAsync(utteranceCount);
        foreach (var kernel in FaceKernel.All)
            await FaceAsync(kernel);

        await LiveAsync();
        return 0;
    }

    /// <summary><c>--live [MS]</c>: the last table alone, with another longest wait for a batch.</summary>
    public static async Task<int> LiveAsync(int? liveBatchWaitMs = null)
    {
        Console.WriteLine();
        Console.WriteLine("Voice activity of 100 interviews in real time (one window in 32 ms each) for 5 s; CPU of one core: the model, all that voice activity adds, what brings the packets (and encodes the utterances).");
        Console.WriteLine($"{"workers",-10}{"utterances/s",12}{"rows/run",10}{"p50 ms",10}{"p99 ms",10}{"max ms",10}{"model",10}{"all",10}{"packets",10}");
        foreach (var workerCount in (int[])[1, 2])
            await LiveLoad.RunAsync(workerCount, streamCount: 100, TimeSpan.FromSeconds(5), utterances: false, liveBatchWaitMs);
        foreach (var workerCount in (int[])[1, 2, 3])
            await LiveLoad.RunAsync(workerCount, streamCount: 100, TimeSpan.FromSeconds(5), utterances: true, liveBatchWaitMs);
        return 0;
    }

    private static async Task VoiceActivityAsync(int streamCount)
    {
        using var raw = RawModel.VoiceActivity(streamCount);
        var rawMicroseconds = await Measurement.OfAsync(EachTakes, streamCount, () => Done(raw.Run));
        await using var pool = BenchmarkModels.OpenPool(1);
        var detector = new VoiceActivityDetector(pool, BenchmarkModels.Find("silero-vad"), "bench");
        var streams = Enumerable.Range(0, streamCount).Select(number => detector.Open($"stream {number}")).ToArray();
        var window = BenchmarkModels.Noise(VoiceActivityDetector.WindowSamples, 2);
        var probabilities = streams.Select(_ => new float[1]).ToArray();
        var answers = new ValueTask[streamCount];

        ModelStatistics before = null!;
        var pooled = await Measurement.OfAsync(EachTakes, streamCount, async () =>
        {
            for (var i = 0; i < streamCount; i++)
                answers[i] = streams[i].PushAsync(window, probabilities[i], RequestClass.Live);
            foreach (var answer in answers)
                await answer;
        }, () => before = pool.Snapshot().Models[0]);

        Print("silero-vad, 32 ms", streamCount, rawMicroseconds, pooled, before, pool);
        foreach (var stream in streams)
            stream.Dispose();
    }

    private static async Task ManyWindowsAsync()
    {
        using var raw = RawModel.VoiceActivity(1);
        var rawMicroseconds = await Measurement.OfAsync(EachTakes, 1, () => Done(raw.Run));
        await using var pool = BenchmarkModels.OpenPool(1);
        using var stream = new VoiceActivityDetector(pool, BenchmarkModels.Find("silero-vad"), "bench").Open("recording");
        var sound = BenchmarkModels.Noise(256 * VoiceActivityDetector.WindowSamples, 2);
        var probabilities = new float[256];

        ModelStatistics before = null!;
        var pooled = await Measurement.OfAsync(EachTakes, 256, async () => await stream.PushManyAsync(sound, probabilities, RequestClass.Deferred), () => before = pool.Snapshot().Models[0]);

        Print("silero-vad, a recording", 1, rawMicroseconds, pooled, before, pool);
    }

    private static async Task SentencesAsync(int sentenceCount)
    {
        using var raw = RawModel.Sentence(sentenceCount, SentenceBenchmarks.TokenCount);
        var rawMicroseconds = await Measurement.OfAsync(EachTakes, sentenceCount, () => Done(raw.Run));
        await using var pool = BenchmarkModels.OpenPool(1);
        var encoder = new SentenceEncoder(pool, BenchmarkModels.Find("minilm-l6-en"), BenchmarkModels.Find("minilm-l6-en", "vocab.txt"), "bench");
        var texts = Enumerable.Repeat(SentenceBenchmarks.Text, sentenceCount).ToArray();

        ModelStatistics before = null!;
        var pooled = await Measurement.OfAsync(EachTakes, sentenceCount, async () => await encoder.EncodeManyAsync(texts, RequestClass.Deferred), () => before = pool.Snapshot().Models[0]);

        Print("minilm-l6-en, 12 tokens", sentenceCount, rawMicroseconds, pooled, before, pool);
    }

    private static async Task SpeechEncoderAsync()
    {
        using var raw = RawModel.SpeechEncoder(SpeechEncoderBenchmarks.SampleCount, SpeechEncoderBenchmarks.FrameCount);
        var rawMicroseconds = await Measurement.OfAsync(EachTakes, 1, () => Done(raw.Run));
        await using var pool = BenchmarkModels.OpenPool(1);

        var model = pool.Load(new ModelLoad("encoder", BenchmarkModels.Find("moonshine-tiny-en", "encoder.onnx")) { VaryingShapes = true });
        var sound = BenchmarkModels.Noise(SpeechEncoderBenchmarks.SampleCount, 3);
        var states = new float[SpeechEncoderBenchmarks.FrameCount * 288];

        ModelStatistics before = null!;
        var pooled = await Measurement.OfAsync(
            EachTakes, 1, async () => await pool.RunAsync(model, new RowInput(sound, new RowShape(sound.Length)), states, RequestClass.Live), () => before = pool.Snapshot().Models[0]);

        Print("moonshine-tiny encoder, 5 s", 1, rawMicroseconds, pooled, before, pool);
    }

    private static async Task SpeechDecoderAsync(int utteranceCount)
    {
        await using var encoderPool = BenchmarkModels.OpenPool(1);
        var states = await SpeechDecoding.EncodeAsync(encoderPool);
        Measured rawMicroseconds;
        using (var raw = new SpeechDecoding(states, null))
        {
            var tokenCount = await raw.RunAsync(utteranceCount);
            rawMicroseconds = await Measurement.OfAsync(EachTakes, tokenCount, async () => await raw.RunAsync(utteranceCount));
        }

        await using var pool = BenchmarkModels.OpenPool(1);
        using var pooled = new SpeechDecoding(states, pool);
        var tokens = await pooled.RunAsync(utteranceCount);

        ModelStatistics before = null!;
        var measured = await Measurement.OfAsync(EachTakes, tokens, async () => await pooled.RunAsync(utteranceCount), () => before = pool.Snapshot().Models[0]);

        Print("moonshine-tiny decoder, token", utteranceCount, rawMicroseconds, measured, before, pool);
    }

    private static async Task FaceAsync(FaceKernel kernel)
    {
        using var raw = RawModel.Picture(kernel);
        var rawMicroseconds = await Measurement.OfAsync(EachTakes, 1, () => Done(raw.Run));
        await using var pool = BenchmarkModels.OpenPool(1);
        var run = kernel.Open(pool);

        ModelStatistics before = null!;
        var pooled = await Measurement.OfAsync(EachTakes, 1, run, () => before = pool.Snapshot().Models[0]);

        Print($"{kernel.ModelId}, a picture", 1, rawMicroseconds, pooled, before, pool);
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static void Print(string name, int rowCount, Measured raw, Measured pooled, ModelStatistics before, InferencePool pool)
    {
        // Without the warm-up, as what it stands beside.
        var after = pool.Snapshot().Models[0];
        var inModel = (after.ComputeSeconds - before.ComputeSeconds) * 1e6 / (after.Rows - before.Rows);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-28}{rowCount,6}{raw.CpuMicroseconds,10:F1}{inModel,12:F1}{pooled.CpuMicroseconds,10:F1}{(pooled.CpuMicroseconds / raw.CpuMicroseconds) - 1,10:P0}{pooled.Bytes,9:F0}"));
    }
}
