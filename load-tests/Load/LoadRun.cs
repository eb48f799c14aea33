using System.Globalization;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.Keys;
using MediaScore.Load.Backlog;
using MediaScore.Load.Clients;
using MediaScore.Load.Measuring;
using MediaScore.Load.Results;
using MediaScore.Load.Scenarios;
using MediaScore.Load.Server;
using MediaScore.Load.Speech;
using MediaScore.Load.Terminals;
using MediaScore.Load.Words;
using MediaScore.Peers.Sources;
using MediaScore.TestMedia;

namespace MediaScore.Load;

/// <summary>One run from the server's start to the row: <c>row.json</c>, <c>latency.hlog</c>, <c>utterances.tsv</c> and <c>server.log</c> in the output folder.</summary>
internal static class LoadRun
{
    private const int VideoKilobitsPerSecond = 600;
    private const int PicturesPerSecond = 15;

    /// <param name="folder">It is there already.</param>
    /// <exception cref="InvalidOperationException">The run could not be made; the message says what to do.</exception>
    public static async Task<LoadRow> RunAsync(LoadOptions options, string folder, int repeat, TextWriter progress, TimeProvider time, CancellationToken cancellation)
    {
        var startedAt = time.GetUtcNow();
        // First: a folder without utterances is no reason to find out after an hour.
        var reference = options.WordsOf is { } named ? WordReference.Load(named) : null;
        var faces = options is { Terminals: > 0, Faces: { } pictures } ? FaceFolder.Read(pictures) : [];
        var speech = await SpeechLibrary.LoadAsync(options.Speech, progress, cancellation);
        var video = await VideoAsync(cancellation);
        var meter = new LoadMeter(time);
        using var backlog = options.Backlog > 0 ? new TemporaryData() : null;
        if (backlog is not null)
            await new FinishedInterviews(speech, video.Clip, progress, time).MakeAsync(options.Backlog, backlog.Folder, folder, cancellation);
        await using var server = await ServerProcess.StartAsync(
            new ServerProcessOptions { OutputFolder = folder, DataFolder = backlog?.Folder, Settings = options.ServerSettings, Environment = options.ServerVariables }, time, cancellation);
        await using var world = new ClientWorld(server.Http, server.Grpc, video.Clip, meter, Math.Max(options.Interviews, LoadOptions.MostInterviews), time);
        // Before there are interviews: opening the store looks after what a crash left.
        using var keys = await KeyStore.OpenAsync(new KeyOptions { Folder = Path.Combine(server.DataFolder, "keys") }, cancellationToken: cancellation);
        using var log = new RawLog(folder, time);
        var stage = new LoadStage(options, world, speech, time);
        var window = new MeasuredWindow(server, meter, log, progress, time);
        var doors = new TerminalAccount(meter, time);
        var enrolled = faces.Count > 0 ? await EnrolAsync(server, faces, progress, time, cancellation) : new HashSet<string>();
        await using var terminals = TerminalFleet.Start(options, server.Grpc, faces, enrolled, doors, time);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = window.WatchAsync(watching.Token);
        WhatCaptionsTell? recovery;
        try
        {
            recovery = await server.WhileItRunsAsync(token => ScenarioOf(options).RunAsync(stage, window, token), cancellation);
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
        }

        await terminals.StopAsync();
        using var account = new InterviewAccount(world, keys, Path.Combine(server.DataFolder, "interviews"), folder, reference);
        await server.WhileItRunsAsync(
            async token =>
            {
                foreach (var interview in stage.All)
                    await account.AddAsync(interview, token);
                await account.EndAsync(token);
                return account;
            },
            cancellation);
        var media = new DriverMedia(
            speech.Tracks.Average(track => track.SpeechRatio), string.Create(CultureInfo.InvariantCulture, $"Opus {SpeechLibrary.KilobitsPerSecond} kbit/s, 20 ms"), video.Description, speech.Description,
            string.Create(CultureInfo.InvariantCulture, $"Poisson, {options.Interviews} in {options.Ramp.TotalSeconds:0} s"));
        var row = new LoadRow(
            startedAt,
            options.Command,
            repeat,
            Describe(options, media, meter, window, account, recovery) with { Against = reference?.Comparison, Terminals = faces.Count > 0 ? Describe(options, faces, enrolled, meter, doors, terminals) : null },
            window.Usage!,
            await EnvironmentProbe.DescribeAsync(server, cancellation));
        await LoadJson.WriteAsync(row, folder, cancellation);
        return row;
    }

    private static async Task<IReadOnlySet<string>> EnrolAsync(ServerProcess server, IReadOnlyList<SimulatedFace> faces, TextWriter progress, TimeProvider time, CancellationToken cancellation)
    {
        using var enrolment = new FaceEnrolment(server, progress, time);
        return await enrolment.EnrolAsync(faces, cancellation);
    }

    private static DriverTerminals Describe(
        LoadOptions options, IReadOnlyList<SimulatedFace> faces, IReadOnlySet<string> enrolled, LoadMeter meter, TerminalAccount doors, TerminalFleet terminals) => new()
        {
            Count = options.Terminals,
            FramesPerSecond = options.TerminalRate,
            People = faces.Where(face => face.PersonNumber.Length > 0).DistinctBy(face => face.PersonNumber, StringComparer.Ordinal).Count(),
            PeopleEnrolled = enrolled.Count,
            FrameToDecision = meter.Decisions.Window(),
            SendLag = meter.TerminalLag.Window(),
            Frames = doors.Verdicts,
            Decisions = doors.Outcomes,
            DecisionsUntimed = doors.Untimed,
            Recognised = doors.Recognised,
            TakenForAnother = doors.TakenForAnother,
            NotRecognised = doors.NotRecognised,
            FramesSent = terminals.Sent,
            FramesAnswered = terminals.Answered,
            Reconnects = terminals.Reconnects,
        };

    private static IScenario ScenarioOf(LoadOptions options) => options.Scenario switch
    {
        LoadScenario.Overload => new OverloadScenario(),
        LoadScenario.Reconnect => new ReconnectScenario(),
        LoadScenario.Churn => new ChurnScenario(),
        _ => new SteadyScenario(),
    };

    private static DriverResult Describe(LoadOptions options, DriverMedia media, LoadMeter meter, MeasuredWindow window, InterviewAccount account, WhatCaptionsTell? recovery) => new()
    {
        Scenario = options.ScenarioName,
        Transport = options.TransportName,
        Interviews = options.Interviews,
        Seconds = window.Length,
        WarmUpSeconds = window.WarmUp,
        Media = media,
        Seed = options.Seed,
        InterviewSeconds = window.InterviewSeconds,
        Started = meter.Started,
        Refused = meter.Refused,
        Failed = meter.Failed,
        Failures = meter.Failures,
        UtterancesSpoken = account.UtterancesSpoken,
        UtterancesUnheard = account.UtterancesUnheard,
        CaptionsExpected = account.UtterancesSpoken - account.UtterancesUnheard,
        CaptionsReceived = account.CaptionsReceived,
        CaptionsMissing = account.CaptionsMissing,
        CaptionsInWindow = meter.CaptionsInWindow,
        CaptionsUntimed = meter.CaptionsUntimed,
        CaptionsEarly = meter.Captions.Early,
        EndOfSpeechToCaption = meter.Captions.Window(),
        CaptureToDurable = meter.Durable.Window(),
        Refusal = meter.Refusals.Window(),
        RequestLag = meter.RequestLag.Window(),
        SendsBehindServer = meter.SendsBehindServer,
        SendLag = meter.SendLag.Window(),
        AudioPacketsSent = account.AudioSent,
        AudioPacketsRecorded = account.AudioRecorded,
        AudioPacketsLost = Math.Max(0, account.AudioSent - account.AudioRecorded),
        VideoFramesSent = account.VideoSent,
        VideoFramesRecorded = account.VideoRecorded,
        VideoFramesLost = Math.Max(0, account.VideoSent - account.VideoRecorded),
        Words = account.WordErrors,
        SendersGoFirst = PunctualThread.Raised,
        DriverCpuMsPerInterviewSecond = window.DriverCpuMsPerInterviewSecond,
        Recovery = recovery is null ? null : recovery([.. meter.CaptionTimes, .. account.MissingTimes]) with { AudioSecondsLost = account.AudioSecondsUnrecorded },
        Timeline = window.Seconds,
    };

    private static async Task<(MediaClip Clip, string Description)> VideoAsync(CancellationToken cancellation)
    {
        var head = SharedTestData.TryFind("video", "hamilton_clip.mp4");
        IReadOnlyList<string> picture = head is not null ? ["-i", head] : ClipEncoder.SyntheticPicture(TimeSpan.FromSeconds(10));
        var encoder = new ClipEncoder(Path.Combine(SharedTestData.RepositoryRoot, "artifacts", "load-clips"));
        var clip = await MediaClip.ReadVp8Async(await encoder.Vp8Async(picture, PicturesPerSecond, VideoKilobitsPerSecond, cancellation), cancellation);
        var kilobits = clip.Units.Sum(unit => (long)unit.Payload.Length) * 8 / clip.Duration.TotalSeconds / 1000;
        return (clip, string.Create(CultureInfo.InvariantCulture, $"VP8 640x480, {kilobits:0} kbit/s, {PicturesPerSecond} pictures a second, {(head is null ? "FFmpeg's test picture" : "a talking head")}"));
    }
}
