using MediaScore.Storage;

namespace MediaScore.MediaServer.Sessions;

// Interviews that have ended and have no report yet.
internal sealed partial class InterviewConductor
{
    // A sweep and the end of another interview may want this at once; one that has just broken down must not be tried by the second because the first was quicker.
    private readonly SemaphoreSlim _takingUp = new(1, 1);

    /// <summary>
    /// Has those interviews open that have their turn for the final pass soon, and lets the others wait on disk: a backlog of any length takes no more memory than these. Whose
    /// client is connected stays open beside them, for it hears by its session when the report is there.
    /// </summary>
    private async Task TakeUpFinishedAsync(CancellationToken cancellation)
    {
        await _takingUp.WaitAsync(cancellation);
        try
        {
            await TakeUpAsync(cancellation);
        }
        finally
        {
            _takingUp.Release();
        }
    }

    private async Task TakeUpAsync(CancellationToken cancellation)
    {
        var waiting = registry.All
            .Where(i => i.Row.State is InterviewState.Finishing && i.Idle > TimeSpan.Zero && (i.Session is not null || i.BackOff.IsOver))
            .OrderBy(i => i.Row.EndedAt).ThenBy(i => i.Row.Id, StringComparer.Ordinal).ToList();
        // One that is being read beside each that runs.
        var room = Math.Min(waiting.Count, 2 * services.FinalPasses?.Concurrency ?? int.MaxValue);
        foreach (var interview in waiting[room..].Where(i => i.Session is { WaitsForTurn: true }))
            await SetAsideAsync(interview);
        foreach (var interview in waiting[..room].Where(i => i.Session is null))
            await TryOpenAsync(interview, cancellation);
    }

    /// <summary>Should it get its turn in this very moment, it loses that and nothing else: what its pass has said is durable.</summary>
    private async Task SetAsideAsync(LiveInterview interview)
    {
        try
        {
            await interview.CloseSessionAsync();
        }
        catch (Exception e)
        {
            LogNotClosed(interview.Row.Id, e);
        }
    }
}
