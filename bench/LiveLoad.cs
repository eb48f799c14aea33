using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using MediaScore.Inference;
using MediaScore.Perception.Speech;

namespace MediaScore.Benchmarks;

/// <summary>
/// Many interviews at the pace of real sound: how long a window waits for its answer, from the time at which its packet was due, and what it costs. Packets come as in the server: one thread (there the
/// network's) hands each to the reader of its interview. What that costs is measured by a run without voice activity and taken off.
/// </summary>
internal static class LiveLoad
{
    private static readonly TimeSpan WindowSpan = TimeSpan.FromMilliseconds(32);

    // As often as packets of a hundred interviews wake the network's thread, about.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    // A hundred interviews, 60 % speech, utterances of six seconds.
    private const int UtterancesASecond = 10;
    private const int UtteranceSamples = 6 * 16_000;

    /// <param name="utterances">Beside it the recogniser's encoder runs as often as a hundred interviews speak: a run cannot be interrupted, so it needs a second worker.</param>
    public static async Task RunAsync(int workerCount, int streamCount, TimeSpan duration, bool utterances, int? liveBatchWaitMs)
    {
        await using var pool = BenchmarkModels.OpenPool(workerCount, liveBatchWaitMs);
        var detector = new VoiceActivityDetector(pool, BenchmarkModels.Find("silero-vad"), "bench");
        using var end = new CancellationTokenSource();
        var beside = utterances ? EncodeAsync(pool, end.Token) : Task.CompletedTask;
        await PassAsync(detector, streamCount, WindowSpan * 10, listen: true);
        var without = await PassAsync(detector, streamCount, duration, listen: false);
        var before = pool.Snapshot().Models[0];
        var with = await PassAsync(detector, streamCount, duration, listen: true);
        var after = pool.Snapshot().Models[0];
        await end.CancelAsync();
        await beside;

        var sorted = with.Milliseconds.Order().ToArray();
        var model = (after.ComputeSeconds - before.ComputeSeconds) / with.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{workerCount,-10}{(utterances ? UtterancesASecond : 0),12}{(double)(after.Rows - before.Rows) / (after.Batches - before.Batches),10:F1}{sorted[sorted.Length / 2],10:F2}{sorted[sorted.Length * 99 / 100],10:F2}{sorted[^1],10:F2}{model,10:P1}{with.Load - without.Load,10:P1}{without.Load,10:P1}"));
    }

    private static async Task EncodeAsync(InferencePool pool, CancellationToken cancellationToken)
    {
        var encoder = pool.Load(new ModelLoad("encoder", BenchmarkModels.Find("moonshine-tiny-en", "encoder.onnx")) { VaryingShapes = true });
        var sound = BenchmarkModels.Noise(UtteranceSamples, 4);
        var states = new float[UtteranceSamples];
        var runs = new List<Task>();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / UtterancesASecond), TimeProvider.System);
        while (!cancellationToken.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(CancellationToken.None);
            runs.RemoveAll(run => run.IsCompletedSuccessfully);
            runs.Add(pool.RunAsync(encoder, new RowInput(sound, new RowShape(sound.Length)), states, RequestClass.Live, cancellationToken: CancellationToken.None).AsTask());
        }

        await Task.WhenAll(runs);
    }

    private static async Task<Pass> PassAsync(VoiceActivityDetector detector, int streamCount, TimeSpan duration, bool listen)
    {
        var milliseconds = new ConcurrentBag<double>();
        var packets = Enumerable.Range(0, streamCount).Select(_ => Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true })).ToArray();
        var readers = packets.Select(channel => ReadAsync(detector, channel.Reader, listen, milliseconds)).ToArray();
        var cpu = Environment.CpuUsage.TotalTime;
        var begun = TimeProvider.System.GetTimestamp();
        var sentCount = 0;
        var betweenPackets = WindowSpan.TotalSeconds / streamCount * TimeProvider.System.TimestampFrequency;
        using (var pace = new PeriodicTimer(Tick, TimeProvider.System))
        {
            for (var elapsed = TimeSpan.Zero; elapsed < duration; elapsed = TimeProvider.System.GetElapsedTime(begun))
            {
                for (; sentCount < elapsed / WindowSpan * streamCount; sentCount++)
                    packets[sentCount % streamCount].Writer.TryWrite(begun + (long)(sentCount * betweenPackets));
                await pace.WaitForNextTickAsync();
            }
        }

        var wall = TimeProvider.System.GetElapsedTime(begun);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        // What has no answer yet will have a time of its own; a window of each interview is always under way.
        var unansweredCount = sentCount - milliseconds.Count;
        if (unansweredCount > streamCount)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The readers were behind at the end: {unansweredCount} windows had no answer yet ({(listen ? "with" : "without")} voice activity). This load is not carried."));
        foreach (var channel in packets)
            channel.Writer.Complete();
        await Task.WhenAll(readers);
        return new Pass(wall, cpu / wall, milliseconds);
    }

    private static async Task ReadAsync(VoiceActivityDetector detector, ChannelReader<long> packets, bool listen, ConcurrentBag<double> milliseconds)
    {
        using var stream = detector.Open("live");
        var window = BenchmarkModels.Noise(VoiceActivityDetector.WindowSamples, 2);
        var probability = new float[1];
        await foreach (var due in packets.ReadAllAsync())
        {
            if (listen)
                await stream.PushAsync(window, probability, RequestClass.Live);
            // Not from here on: a window that waited behind another one has waited.
            milliseconds.Add(TimeProvider.System.GetElapsedTime(due).TotalMilliseconds);
        }
    }

    /// <param name="Load">CPU time of the process, of one core.</param>
    private sealed record Pass(TimeSpan Elapsed, double Load, ConcurrentBag<double> Milliseconds);
}
