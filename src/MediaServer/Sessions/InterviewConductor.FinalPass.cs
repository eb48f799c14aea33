using MediaScore.Storage;

namespace MediaScore.MediaServer.Sessions;

// Interviews that have ended and have no report yet.
internal sealed partial class InterviewConductor
{
    /// <summary>
    /// Opens interviews that have ended and wait on disk for their final pass, as many as have their turn soon: a backlog of any length takes no more memory than these.
    /// </summary>
    private async Task TakeUpFinishedAsync(CancellationToken cancellation)
    {
        var finished = registry.All.Where(i => i.Row.State is InterviewState.Finishing).ToLookup(i => i.Session is not null);
        // One that is being read beside each that runs. Sessions that have just ended are open anyway: their page waits.
        var room = (2 * services.FinalPasses?.Concurrency ?? int.MaxValue) - finished[true].Count();
        foreach (var interview in finished[false].Where(i => i.BackOff.IsOver).OrderBy(i => i.Row.EndedAt).ThenBy(i => i.Row.Id, StringComparer.Ordinal).Take(Math.Max(0, room)))
            await TryOpenAsync(interview, cancellation);
    }
}
