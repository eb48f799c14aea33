using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using MediaScore.Inference;
using MediaScore.Keys;
using MediaScore.Perception.Speech;
using MediaScore.Pipelines;
using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.TestMedia;
using MediaScore.Timeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Benchmarks.Captions;

/// <summary>
/// What the way of the sound costs, without transport and recogniser: Opus packets in real time into so many sessions, recorded, decoded, cut and measured. CPU time of the
/// process, and what it allocates.
/// </summary>
internal static class PathTable
{
    private const int WarmUpSeconds = 10;

    public static async Task PrintAsync(InferencePool pool, VoiceActivityDetector detector, IReadOnlyList<Speech> speech, int sessionCount, int seconds)
    {
        var packets = await EncodeAsync(speech);
        using var folder = new TemporaryFolder();
        await using var committer = new GroupCommitter(TimeProvider.System);
        using var keys = await KeyStore.OpenAsync(new KeyOptions { Folder = Path.Combine(folder.Path, "keys"), MasterKeyFile = Path.Combine(folder.Path, "master.key") });
        using var costs = new PipelineCosts(TimeProvider.System);
        var services = new SessionServices
        {
            DataRoot = Path.Combine(folder.Path, "interviews"),
            Keys = keys,
            Committer = committer,
            Costs = costs,
            VoiceActivity = detector,
            Loggers = NullLoggerFactory.Instance,
        };
        var sessions = new List<InterviewSession>();
        var connections = new List<MediaConnection>();
        for (var i = 0; i < sessionCount; i++)
        {
            keys.GetOrCreate($"interview-{i}").Dispose();
            var session = await InterviewSession.OpenAsync(
                new InterviewSettings($"interview-{i}", "en", Modality.Audio | Modality.Prosody, "plan", new string('a', 64), "default", "default", 1, []), services, CancellationToken.None);
            sessions.Add(session);
            connections.Add(session.Connect([new TrackFormat(TrackKind.Audio, MediaCodec.Opus, 48_000, 1)]));
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        await SendAsync(timer, connections, packets, 0, WarmUpSeconds * 50);
        var cpu = Environment.CpuUsage.TotalTime;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var compute = pool.Snapshot().Models.Sum(model => model.ComputeSeconds);
        double[] stages = [.. Enum.GetValues<PipelineStage>().Select(costs.Seconds)];
        using var types = new AllocatedTypes();
        await SendAsync(timer, connections, packets, WarmUpSeconds * 50, seconds * 50);
        var all = (double)seconds * sessionCount;
        var used = Environment.CpuUsage.TotalTime - cpu;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sessionCount} sessions, {seconds} s: {used.TotalMilliseconds / all:F2} ms CPU per interview-second, of it {(pool.Snapshot().Models.Sum(model => model.ComputeSeconds) - compute) * 1000 / all:F2} voice detector"));
        foreach (var stage in Enum.GetValues<PipelineStage>())
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage,24}{(costs.Seconds(stage) - stages[(int)stage]) * 1000 / all,8:F2} ms (elapsed)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(GC.GetTotalAllocatedBytes(precise: true) - bytes) / all / 50,24:F0} bytes allocated a packet"));
        foreach (var (type, size) in types.Largest(15))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size / all / 50,24:F1} {type}"));
        connections.ForEach(connection => connection.Dispose());
        foreach (var session in sessions)
            await session.DisposeAsync();
    }

    private static async Task SendAsync(PeriodicTimer timer, List<MediaConnection> connections, IReadOnlyList<byte[]> packets, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            await timer.WaitForNextTickAsync();
            for (var one = 0; one < connections.Count; one++)
            {
                // Other words at the same time.
                var payload = packets[(i + (one * 137)) % packets.Count];
                await connections[one].AcceptAsync(new IncomingPacket(TrackKind.Audio, (ulong)i, i * 20_000L, KeyFrame: false, payload), CancellationToken.None);
            }
        }
    }

    /// <summary>Three fifths speech.</summary>
    private static async Task<IReadOnlyList<byte[]>> EncodeAsync(IReadOnlyList<Speech> speech)
    {
        var sound = speech.Take(12).SelectMany(one => one.Samples.Concat(new float[one.Samples.Length * 2 / 3])).ToArray();
        return [.. (await CodedMedia.OpusAsync(sound)).Select(packet => packet.Payload)];
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("mediascore-path-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    /// <summary>The runtime tells the type of the object that passes each 100 kB.</summary>
    private sealed class AllocatedTypes : EventListener
    {
        private const EventKeywords Gc = (EventKeywords)1;

        private readonly ConcurrentDictionary<string, long> _bytes = new(StringComparer.Ordinal);

        public IEnumerable<(string Type, double Bytes)> Largest(int count) =>
            _bytes.OrderByDescending(one => one.Value).Take(count).Select(one => (one.Key, (double)one.Value));

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
                EnableEvents(eventSource, EventLevel.Verbose, Gc);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true)
                return;
            _bytes.AddOrUpdate((string)eventData.Payload![5]!, _ => Convert.ToInt64(eventData.Payload[3], CultureInfo.InvariantCulture), (_, sum) => sum + Convert.ToInt64(eventData.Payload[3], CultureInfo.InvariantCulture));
        }
    }
}
