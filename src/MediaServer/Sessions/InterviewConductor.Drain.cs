using MediaScore.Storage;

namespace MediaScore.MediaServer.Sessions;

// How a server that is told to stop lets go of its interviews: nobody new, whoever is in the middle may finish.
internal sealed partial class InterviewConductor
{
    // A reader of a log, or whoever waits for the process, does not notice a second.
    private static readonly TimeSpan DrainPeriod = TimeSpan.FromSeconds(1);

    // A page that is loaded again is back by then; who is away for longer comes back to the next process all the same.
    private static readonly TimeSpan AwayLimit = TimeSpan.FromSeconds(30);

    private volatile bool _draining;

    /// <summary>The process was told to stop: interviews that run go on, no other one begins.</summary>
    public bool IsDraining => _draining;

    /// <summary>May somebody new come?</summary>
    public bool TakesNew => !_draining && !Stopping.IsCancellationRequested;

    /// <summary>Takes nobody new from now on, and waits for who is in the middle of an interview or for its report.</summary>
    /// <param name="limit">Waits no longer; zero: not at all.</param>
    /// <param name="atOnce">Ends the wait.</param>
    public async Task DrainAsync(TimeSpan limit, CancellationToken atOnce)
    {
        _draining = true;
        if (limit > TimeSpan.Zero && BusyCount > 0)
        {
            LogDraining(limit);
            var began = time.GetTimestamp();
            using var timer = new PeriodicTimer(DrainPeriod, time);
            try
            {
                while (BusyCount > 0 && time.GetElapsedTime(began) < limit)
                    await timer.WaitForNextTickAsync(atOnce);
            }
            catch (OperationCanceledException) when (atOnce.IsCancellationRequested)
            {
                // Told a second time.
            }
        }

        LogDrained(BusyCount);
    }

    private int BusyCount => registry.All.Count(i => i.Row.State switch
    {
        InterviewState.Created => i.Candidate is not null,
        InterviewState.Running => i.Idle < AwayLimit,
        // Its page waits for this, and it is the machine's work alone. A backlog that nobody waits for goes on in the next process.
        InterviewState.Finishing => i.Session is not null && i.Idle < AwayLimit,
        _ => false,
    });

    private static bool IsNew(LiveInterview interview) => interview.Row.State is InterviewState.Created && interview.Candidate is null;
}
