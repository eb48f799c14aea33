using MediaScore.Assessment.Plans;
using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// What a candidate's page says beside the media: an answer begins or ends, a written answer, the end. Each lies at "now" on the interview's clock, before any sound that
/// comes after it. Requests of one interview take turns.
/// </summary>
internal sealed class CandidateControl(InterviewConductor conductor, TimeProvider time)
{
    // The click that ends an interview overtakes its last words by the media's way through the network and the wait for retransmissions.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    public Task<CandidateOutcome> MarkAsync(LiveInterview interview, string stageId, string questionId, int attempt, bool begins, CancellationToken cancellation) =>
        RunAsync(
            interview,
            async (session, now) => interview.Gate(session).Check(now, stageId, questionId, attempt, begins) is { } refusal
                ? PacketVerdict.Refuse(refusal)
                : await session.MarkAsync(now, stageId, questionId, attempt, begins, cancellation),
            cancellation);

    public Task<CandidateOutcome> WriteAsync(LiveInterview interview, string stageId, string questionId, int attempt, string text, CancellationToken cancellation) =>
        RunAsync(
            interview,
            async (session, now) => interview.Gate(session).CheckWritten(now, stageId, questionId, attempt, text) is { } refusal
                ? PacketVerdict.Refuse(refusal)
                : await session.WriteAnswerAsync(now, stageId, questionId, attempt, text, cancellation),
            cancellation);

    /// <summary>The candidate is done: what is still on its way is recorded, then the interview ends. Saying it twice is the same as once.</summary>
    public async Task<CandidateOutcome> EndAsync(LiveInterview interview, CancellationToken cancellation)
    {
        if (conductor.Admit(interview) is { Accepted: false } refusal)
            return refusal.Refusal is CandidateRefusal.Ended ? CandidateOutcome.Done : refusal;
        await interview.ControlTurn.WaitAsync(cancellation);
        try
        {
            if (interview.Candidate is { } connection)
            {
                await Task.Delay(LastWords, time, cancellation);
                await connection.FinishAsync();
            }

            var session = await interview.OpenSessionAsync(cancellation);
            await session.EndAsync(InterviewEndReason.ClientEnded, cancellation);
            await conductor.NoteEndedAsync(interview, cancellation);
            return CandidateOutcome.Done;
        }
        finally
        {
            interview.ControlTurn.Release();
        }
    }

    /// <summary>What is open and what comes next; null while nothing has begun.</summary>
    public static FlowPosition? Position(LiveInterview interview) =>
        interview.Session is { } session ? interview.Gate(session).Position(interview.NowOf(session)) : null;

    private async Task<CandidateOutcome> RunAsync(LiveInterview interview, Func<InterviewSession, MediaTime, ValueTask<PacketVerdict>> action, CancellationToken cancellation)
    {
        if (conductor.Admit(interview) is { Accepted: false } refusal)
            return refusal;
        await interview.ControlTurn.WaitAsync(cancellation);
        try
        {
            var session = await interview.OpenSessionAsync(cancellation);
            await conductor.NoteRunningAsync(interview, cancellation);
            interview.Touch();
            var now = interview.NowOf(session);
            var verdict = await action(session, now);
            return verdict.Outcome switch
            {
                PacketOutcome.Recorded => CandidateOutcome.Done with { TimeLeft = interview.Gate(session).Position(now).TimeLeft },
                PacketOutcome.Refused => new CandidateOutcome(CandidateRefusal.Flow, verdict.Reason!),
                PacketOutcome.Ended => new CandidateOutcome(CandidateRefusal.Ended, "The interview has ended."),
                _ => new CandidateOutcome(CandidateRefusal.Stopping, "The session stopped here; the interview goes on when it is asked again.", TimeSpan.FromSeconds(1)),
            };
        }
        finally
        {
            interview.ControlTurn.Release();
        }
    }
}
