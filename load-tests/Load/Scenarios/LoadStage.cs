using MediaScore.Load.Clients;
using MediaScore.Load.Measuring;
using MediaScore.Load.Speech;

namespace MediaScore.Load.Scenarios;

/// <summary>What a scenario acts on: makes candidates, starts and ends them, and remembers all of them for the account.</summary>
internal sealed class LoadStage(LoadOptions options, ClientWorld world, SpeechLibrary speech, TimeProvider time)
{
    // The final pass of a hundred interviews on a busy machine.
    private static readonly TimeSpan ReportLimit = TimeSpan.FromMinutes(10);

    private readonly List<IInterview> _all = [];
    private readonly Lock _gate = new();

    public LoadOptions Options => options;

    public ClientWorld World => world;

    public LoadMeter Meter => world.Meter;

    public TimeProvider Time => time;

    /// <summary>Every interview that was begun, in the order of their numbers.</summary>
    public IReadOnlyList<IInterview> All
    {
        get
        {
            lock (_gate)
                return [.. _all.OrderBy(interview => interview.Number)];
        }
    }

    /// <summary>Those that have not ended.</summary>
    public IReadOnlyList<IInterview> Running => [.. All.Where(interview => interview.EndPlace == TimeSpan.Zero)];

    /// <summary>Starts one candidate: counted as started, refused or failed.</summary>
    /// <param name="invited">Over WebRTC: by an invitation, as candidates come; false asks for the place at once. Over gRPC it is always so.</param>
    /// <param name="due">When it was to begin.</param>
    /// <param name="number">Decides what is said: the same number says the same in every run of a seed.</param>
    /// <returns>Null where it does not run.</returns>
    public async Task<IInterview?> StartAsync(int number, long due, TimeSpan longest, CancellationToken cancellation, bool invited = true)
    {
        var track = speech.Tracks[number % speech.Tracks.Count];
        // The parts lie evenly over the track, whatever the number of candidates: the golden ratio spreads any count.
        var part = (int)((((number / speech.Tracks.Count) * 0.618034) + (options.Seed * 0.414214)) % 1 * track.Parts.Count);
        var ledger = new InterviewLedger(number, track, track.StartBefore(part), Meter, time);
        IInterview interview = options.Transport is LoadTransport.Grpc ? new GrpcInterview(world, number, ledger, longest) : new WebRtcInterview(world, number, ledger, longest, invited);
        StartOutcome outcome;
        try
        {
            outcome = await interview.StartAsync(due, cancellation);
        }
        catch (OperationCanceledException)
        {
            await interview.DisposeAsync();
            return null;
        }

        if (outcome.Result is StartResult.Started)
        {
            lock (_gate)
                _all.Add(interview);
            return interview;
        }

        if (outcome.Result is StartResult.Failed)
            Meter.Fail(outcome.Reason);
        await interview.DisposeAsync();
        return null;
    }

    /// <summary>Ends one and waits for its report.</summary>
    public async Task EndAsync(IInterview interview, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReportLimit);
        if (await interview.EndAsync(limit.Token) is { } reason)
            Meter.Fail(reason);
        await interview.DisposeAsync();
    }

    /// <summary>Starts of a Poisson process, given how many there are: independent and even over the ramp.</summary>
    public IReadOnlyList<TimeSpan> Starts(int count, TimeSpan ramp)
    {
#pragma warning disable CA5394 // Nothing secret: a seed must give the same starts again.
        var random = new Random(options.Seed);
        return [.. Enumerable.Range(0, count).Select(_ => ramp * random.NextDouble()).Order()];
#pragma warning restore CA5394
    }

    /// <summary>The timestamp so long after another.</summary>
    public long At(long began, TimeSpan after) => began + (long)(after.Ticks * (time.TimestampFrequency / (double)TimeSpan.TicksPerSecond));

    public Task DelayAsync(TimeSpan span, CancellationToken cancellation) => span > TimeSpan.Zero ? Task.Delay(span, time, cancellation) : Task.CompletedTask;
}
