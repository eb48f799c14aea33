using MediaScore.Load.Results;

namespace MediaScore.Load.Tests;

/// <summary>Rows as a run would write them, with figures that follow from the load.</summary>
internal static class Rows
{
    public static readonly IReadOnlyList<string> Stages = ["network loop, SRTP", "recording", "moonshine-tiny-en/decoder", "silero-vad", "requests, timeline, scoring, rest"];

    /// <param name="p99Ms">End of speech to caption.</param>
    public static LoadRow Make(int interviews = 2, double p99Ms = 900, string transport = "webrtc", long audioLost = 0, int failed = 0, int seconds = 60, int repeat = 1) => new(
        new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero), $"make load ARGS='--transport {transport} --interviews {interviews}'", repeat, Driver(interviews, p99Ms, transport, audioLost, failed, seconds), Server(interviews, seconds), Environment());

    /// <summary>The same row beside face terminals.</summary>
    public static LoadRow With(LoadRow row, int terminals, double p99Ms = 120, long tooLate = 0, double lagMs = 3) => row with
    {
        Driver = row.Driver with
        {
            Timeline = [.. row.Driver.Timeline.Select(second => second with { DecisionMaxMs = second.Second % 4 == 0 ? null : p99Ms })],
            Terminals = new DriverTerminals
            {
                Count = terminals,
                FramesPerSecond = 2,
                People = 5,
                PeopleEnrolled = 4,
                FrameToDecision = Distribution(terminals * 10, p99Ms),
                SendLag = Distribution(terminals * 100, lagMs),
                Frames = new Dictionary<string, long> { ["Busy"] = 7, ["Used"] = terminals * 100 },
                Decisions = new Dictionary<string, long> { ["Granted"] = terminals * 10, ["TimedOut"] = tooLate },
                DecisionsUntimed = 1,
                Recognised = terminals * 10,
                TakenForAnother = 0,
                NotRecognised = 2,
                FramesSent = terminals * 120,
                FramesAnswered = terminals * 120,
                Reconnects = 0,
            },
        },
    };

    private static DriverResult Driver(int interviews, double p99Ms, string transport, long audioLost, int failed, int seconds) => new()
    {
        Scenario = "steady",
        Transport = transport,
        Interviews = interviews,
        Seconds = seconds,
        WarmUpSeconds = 20,
        Media = new DriverMedia(0.6, "Opus 24 kbit/s, 20 ms", "VP8 854x480, 600 kbit/s", "84 utterances of 21 speakers", "Poisson, 2 a second"),
        Seed = 1,
        InterviewSeconds = interviews * seconds,
        Started = interviews,
        Refused = 0,
        Failed = failed,
        Failures = failed > 0 ? new Dictionary<string, int> { ["<timeout> & no answer"] = failed } : new Dictionary<string, int>(),
        UtterancesSpoken = interviews * 10,
        CaptionsExpected = interviews * 10,
        CaptionsReceived = interviews * 10,
        CaptionsMissing = 0,
        EndOfSpeechToCaption = Distribution(interviews * 10, p99Ms),
        CaptureToDurable = Distribution(interviews * 3000, p99Ms / 3),
        SendLag = Distribution(interviews * 3000, 2),
        AudioPacketsSent = interviews * 3000,
        AudioPacketsRecorded = (interviews * 3000) - audioLost,
        AudioPacketsLost = audioLost,
        VideoFramesSent = interviews * 900,
        VideoFramesRecorded = interviews * 900,
        VideoFramesLost = 0,
        Words = new WordErrors(17, 100, "a1b2"),
        DriverCpuMsPerInterviewSecond = 0.94,
        Timeline = [.. Enumerable.Range(0, seconds).Select(s => new DriverSecond(s, interviews, s % 3, s % 5 == 0 ? null : p99Ms * 0.6, s % 5 == 0 ? null : p99Ms * (0.8 + (s % 7 / 30.0)), p99Ms / 3, 1 + (s % 4), 0, 0))],
    };

    private static Percentiles Distribution(long count, double p99Ms)
    {
        double[] curve = [.. Percentiles.Quantiles.Select(q => p99Ms * (0.2 + (0.8 * Math.Pow(q / 99, 6))))];
        return new Percentiles(count, p99Ms * 0.3, p99Ms * 0.6, p99Ms * 0.8, p99Ms, p99Ms * 1.02, p99Ms * 1.05, curve);
    }

    private static ServerUsage Server(int interviews, int seconds) => new()
    {
        Seconds = seconds,
        InterviewSeconds = interviews * seconds,
        CpuMsPerInterviewSecond = 17.5,
        FinalPassCpuMsPerInterviewSecond = 0,
        Stages = [.. Stages.Select((stage, i) => new StageCost(stage, 1.5 + i, "the thread's CPU time"))],
        Memory = new MemoryUsage(700, 810, 820, 12, 64),
        Collections = new CollectionUsage(2_000_000, 0.4, 12.5, 40, 10, 1),
        Models =
        [
            new ModelUsage("moonshine-tiny-en/decoder", 9000, 1100, 0, 3.4, 2.1, 3.3, Buckets([1, 2, 4, 8, 16], [40, 60, 300, 600, 100, 0]), Buckets([1, 2, 5, 10], [10, 20, 30, 5, 0]), Buckets([1, 2, 5, 10], [0, 300, 800, 0, 0])),
            new ModelUsage("silero-vad", 187500, 6000, 0, 0.7, 5.2, 0.9, Buckets([1, 2, 4, 8, 16, 32, 64], [10, 10, 30, 50, 600, 5000, 300, 0]), Buckets([1, 2, 5, 10], [10, 20, 30, 5, 0]), Buckets([1, 2, 5, 10], [0, 300, 800, 0, 0])),
        ],
        SampledDropped = 3,
        SampledAnswered = 997,
        Nice = 0,
        ThreadsMax = 61,
        HandlesStart = 210,
        HandlesEnd = 214,
        WrittenBytesPerSecond = 9_000_000,
        KernelDroppedDatagrams = 0,
        Machine = new MachineUsage(88, 1.2, 0.1),
        Timeline = [.. Enumerable.Range(1, seconds).Select(s => new ServerSecond(s, 172, [15, 25, 35, 45, 52 + (s % 9)], 700 + s, 1.9, s % 10 == 0 ? 12.5 : 0, 61, 210))],
    };

    private static BucketCounts Buckets(double[] bounds, long[] counts) => new(bounds, counts);

    private static EnvironmentDescription Environment() => new()
    {
        Cpu = "A CPU",
        VirtualCpus = 2,
        PhysicalCores = 2,
        CpuFlags = ["avx2", "avx512f", "avx512_vnni"],
        Hypervisor = "kvm",
        Governor = "not visible",
        MemoryGiB = 16,
        Kernel = "6.12",
        OperatingSystem = "Debian GNU/Linux 13",
        DotNet = ".NET 10.0.1",
        OnnxRuntime = "1.31.1",
        GarbageCollector = "workstation, concurrent",
        Commit = "0123456789ab",
        DataFileSystem = "ext2/ext3",
        ServerSettings = [],
        Models = [new ModelIdentity("silero-vad", "1.0.3+7671cd04", "float", [new ModelFileHash("model.onnx", new string('7', 64))])],
    };
}
