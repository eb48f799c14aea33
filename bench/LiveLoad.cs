using System.Collections.Concurrent;
using System.Globalization;
using MediaScore.Inference;
using MediaScore.Perception.Speech;

namespace MediaScore.Benchmarks;

/// <summary>Many interviews at the pace of real sound: how long a window waits for its answer, and what it costs.</summary>
internal static class LiveLoad
{
    private static readonly TimeSpan WindowSpan = TimeSpan.FromMilliseconds(32);

    public static async Task RunAsync(int workerCount, int streamCount, TimeSpan duration)
    {
        await using var pool = BenchmarkModels.OpenPool(workerCount);
        var detector = new VoiceActivityDetector(pool, BenchmarkModels.Find("silero-vad"), "bench");
        var latencies = new ConcurrentBag<double>();
        var before = pool.Snapshot().Models[0];
        var cpu = Environment.CpuUsage.TotalTime;
        var begun = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, streamCount).Select(number => StreamAsync(detector, number * WindowSpan / streamCount, duration, latencies)));

        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var after = pool.Snapshot().Models[0];
        var sorted = latencies.Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{workerCount,-10}{(double)(after.Rows - before.Rows) / (after.Batches - before.Batches),10:F1}{sorted[sorted.Length / 2],10:F2}{sorted[sorted.Length * 99 / 100],10:F2}{sorted[^1],10:F2}{cpu / elapsed,16:P1}"));
    }

    private static async Task StreamAsync(VoiceActivityDetector detector, TimeSpan offset, TimeSpan duration, ConcurrentBag<double> latencies)
    {
        using var stream = detector.Open("live");
        var window = BenchmarkModels.Noise(VoiceActivityDetector.WindowSamples, 2);
        await Task.Delay(offset, TimeProvider.System);
        using var pace = new PeriodicTimer(WindowSpan, TimeProvider.System);
        for (var sent = TimeSpan.Zero; sent < duration && await pace.WaitForNextTickAsync(); sent += WindowSpan)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await stream.PushAsync(window, RequestClass.Live);
            latencies.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
        }
    }
}
