using System.Data.Common;
using System.Diagnostics;
using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.Storage;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.MediaServer.Sessions;

// What becomes of an interview when something breaks. Nothing here throws but for a stop: it is called where only the host would hear of it, and the host stops all interviews.
internal sealed partial class InterviewConductor
{
    // A session that breaks down again each time it is opened would do so for ever.
    private const int MaxFaults = 3;

    private const string ErasedReason = "it was erased";

    /// <returns>Null where it cannot be opened now, or has nothing left to be opened for.</returns>
    internal async Task<InterviewSession?> TryOpenAsync(LiveInterview interview, CancellationToken cancellation)
    {
        try
        {
            return await interview.OpenSessionAsync(cancellation);
        }
        catch (LogFencedException e)
        {
            // Two processes may share a data folder (a server, and a command with a server inside). Who writes an interview's files owns it; that is no fault of it.
            LogOwnedElsewhere(interview.Row.Id, e.Message);
            if (registry.Remove(interview))
                await CloseAsync(interview);
            return null;
        }
        catch (ObjectDisposedException) when (interview.IsOver)
        {
            // Whoever looked for work saw it unfinished, and meanwhile it got its report.
            return null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            await FaultAsync(interview, e);
            return null;
        }
    }

    private async Task CloseAsync(LiveInterview interview)
    {
        try
        {
            await interview.DisposeAsync();
        }
        catch (Exception e)
        {
            // What is on disk is on disk; the next process reads it.
            LogNotClosed(interview.Row.Id, e);
        }
    }

    /// <summary>Closes the session; the interview goes on from disk after a while, unless it breaks down each time.</summary>
    private async Task FaultAsync(LiveInterview interview, Exception fault)
    {
        interview.BackOff.Begin();
        Account(interview, fault);
        try
        {
            await interview.CloseSessionAsync();
            if (fault is InterviewErasedException)
                await FailAsync(interview, ErasedReason);
            else if (interview.FaultCount >= MaxFaults)
                await FailAsync(interview, $"{fault.GetType().Name}: {fault.Message}");
        }
        catch (Exception e)
        {
            // Its state stays as it was: it comes here again when it is next opened.
            LogNotSettled(interview.Row.Id, e);
        }
    }

    private void Account(LiveInterview interview, Exception fault)
    {
        if (fault is InterviewErasedException)
        {
            LogErased(interview.Row.Id);
            return;
        }

        meter.SessionFaulted(fault.GetType().Name);
        interview.Trace?.SetStatus(ActivityStatusCode.Error, fault.GetType().Name);
        if (IsOutage(fault))
            LogOutage(interview.Row.Id, interview.BackOff.Length, fault);
        else
            LogFault(interview.Row.Id, ++interview.FaultCount, fault);
    }

    /// <summary>The database or the disk did not answer. That passes, and says nothing about the interview: its recording is whole.</summary>
    private static bool IsOutage(Exception fault) => fault is DbException or DbUpdateException or IOException or TimeoutException or OperationCanceledException;

    private async Task FailAsync(LiveInterview interview, string reason)
    {
        // Stored first: what is not stored has not failed.
        await store.SetStateAsync(interview.Row.Id, InterviewState.Failed, reason, CancellationToken.None);
        interview.Row.State = InterviewState.Failed;
        registry.Remove(interview);
        interview.CompleteReport(new ReportOutcome(reason));
        await CloseAsync(interview);
    }
}
