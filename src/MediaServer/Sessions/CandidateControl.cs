using MediaScore.Assessment.Plans;
using MediaScore.Pipelines.Session;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// What a candidate's page says beside the media: an answer begins or ends, a written answer, the end. Each lies at "now" on the interview's clock, before any sound that
/// comes after it. Requests of one interview take turns; said twice is the same as once.
/// </summary>
internal sealed class CandidateControl(InterviewConductor conductor, TimeProvider time)
{
    // The click that ends an answer overtakes its last word: by the way of the sound through the browser's encoder and the network, and by the reader of this request.
    private static readonly TimeSpan LastWord = TimeSpan.FromMilliseconds(250);

    // At the end of the interview nothing follows that could still bring a retransmission.
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    /// <summary>The answer to a question begins.</summary>
    public Task<CandidateOutcome> BeginAsync(LiveInterview interview, string stageId, string questionId, int attempt, CancellationToken cancellation) =>
        // Without any media that could come, there is nothing to wait for: the answer is then stated as not given.
        interview.Plan.Plan.FindStage(stageId)?.Mode is AnswerMode.Voice or AnswerMode.Video && NeedsMedia(interview.Row.Permitted) && !interview.IsMediaConnected
            && conductor.Admit(interview).Accepted
            ? Task.FromResult(new CandidateOutcome(CandidateRefusal.MediaNotConnected, "Microphone and camera are not connected yet; the answer would not be heard."))
            : RunAsync(interview, (session, now) => MarkAsync(interview, session, now, stageId, questionId, attempt, begins: true), cancellation);

    public Task<CandidateOutcome> EndAnswerAsync(LiveInterview interview, string stageId, string questionId, int attempt, CancellationToken cancellation) =>
        RunAsync(interview, (session, now) => MarkAsync(interview, session, now + LastWord, stageId, questionId, attempt, begins: false), cancellation);

    /// <summary>An answer in writing begins its question where it was not begun, and ends it. Durable when done.</summary>
    public Task<CandidateOutcome> WriteAsync(LiveInterview interview, string stageId, string questionId, int attempt, string text, CancellationToken cancellation) =>
        interview.Row.Permitted.HasFlag(Modality.Text) || !conductor.Admit(interview).Accepted
            ? RunAsync(interview, (session, now) => WriteAsync(interview, session, now, stageId, questionId, attempt, text), cancellation)
            : Task.FromResult(new CandidateOutcome(CandidateRefusal.NotPermitted, "Written answers were not consented to, so nothing in writing is kept."));

    /// <summary>The candidate is done: what is still on its way is recorded, then the interview ends.</summary>
    public async Task<CandidateOutcome> EndAsync(LiveInterview interview, CancellationToken cancellation)
    {
        if (conductor.Admit(interview) is { Accepted: false } refusal)
            return EndOf(refusal);
        await interview.ControlTurn.WaitAsync(cancellation);
        try
        {
            // Another click may have ended it while this one waited.
            if (conductor.Admit(interview) is { Accepted: false } late)
                return EndOf(late);
            // From here on it is done whatever becomes of the request: a page that is closed right after the last click has ended its interview.
            if (interview.Candidate is { } connection)
            {
                await Task.Delay(LastWords, time, CancellationToken.None);
                await connection.FinishAsync();
            }

            var session = await interview.OpenSessionAsync(CancellationToken.None);
            await session.EndAsync(InterviewEndReason.ClientEnded, CancellationToken.None);
            await conductor.NoteEndedAsync(interview, CancellationToken.None);
            return CandidateOutcome.Done;
        }
        catch (ObjectDisposedException)
        {
            return EndOf(conductor.Gone(interview));
        }
        finally
        {
            interview.ControlTurn.Release();
        }
    }

    /// <summary>Answers by voice or video begin only while media are connected.</summary>
    public static bool NeedsMedia(Modality permitted) => (permitted & (Modality.Audio | Modality.Video)) != Modality.None;

    /// <summary>What is open and what comes next.</summary>
    public static (FlowPosition Position, IReadOnlyDictionary<string, int> Attempts) Position(LiveInterview interview)
    {
        if (interview.Session is { } session)
            return interview.Gate(session).Position(interview.NowOf(session));
        var untouched = new InterviewFlow(interview.Plan.Plan);
        return (untouched.Position(MediaTime.Zero), untouched.Attempts);
    }

    // What was judged is recorded whatever becomes of the request: flow and recording must not part.
    private static async Task<(GateAnswer Answer, PacketVerdict Verdict)> MarkAsync(
        LiveInterview interview, InterviewSession session, MediaTime at, string stageId, string questionId, int attempt, bool begins)
    {
        var answer = interview.Gate(session).Check(at, stageId, questionId, attempt, begins);
        return (answer, answer.Record ? await session.MarkAsync(answer.At, stageId, questionId, attempt, begins, CancellationToken.None) : default);
    }

    private static async Task<(GateAnswer Answer, PacketVerdict Verdict)> WriteAsync(
        LiveInterview interview, InterviewSession session, MediaTime at, string stageId, string questionId, int attempt, string text)
    {
        var answer = interview.Gate(session).CheckWritten(at, stageId, questionId, attempt, text);
        if (!answer.Record)
            return (answer, default);
        var verdict = await session.WriteAnswerAsync(answer.At, stageId, questionId, attempt, text, CancellationToken.None);
        if (verdict.Outcome is PacketOutcome.Recorded)
        {
            // The flow ends an answer with its text; the timeline does so by a marker.
            verdict = await session.MarkAsync(answer.At, stageId, questionId, attempt, begins: false, CancellationToken.None);
            await session.MakeDurableAsync(CancellationToken.None);
        }

        return (answer, verdict);
    }

    // Who wants the end has it.
    private static CandidateOutcome EndOf(CandidateOutcome refusal) => refusal.Refusal is CandidateRefusal.Ended ? CandidateOutcome.Done : refusal;

    private async Task<CandidateOutcome> RunAsync(
        LiveInterview interview, Func<InterviewSession, MediaTime, Task<(GateAnswer Answer, PacketVerdict Verdict)>> action, CancellationToken cancellation)
    {
        if (conductor.Admit(interview) is { Accepted: false } refusal)
            return refusal;
        await interview.ControlTurn.WaitAsync(cancellation);
        try
        {
            if (conductor.Admit(interview) is { Accepted: false } late)
                return late;
            var session = await interview.OpenSessionAsync(cancellation);
            await conductor.NoteRunningAsync(interview, cancellation);
            interview.Touch();
            var now = interview.NowOf(session);
            var (answer, verdict) = await action(session, now);
            if (answer.Refusal is not FlowRefusal.None)
                return new CandidateOutcome(answer.Refusal is FlowRefusal.InterviewOver ? CandidateRefusal.Ended : CandidateRefusal.Flow, answer.Message, Flow: answer.Refusal);
            return verdict.Outcome switch
            {
                PacketOutcome.Recorded => CandidateOutcome.Done with { TimeLeft = interview.Gate(session).Position(now).Position.TimeLeft },
                PacketOutcome.Refused => new CandidateOutcome(CandidateRefusal.Flow, verdict.Reason!),
                PacketOutcome.Ended => new CandidateOutcome(CandidateRefusal.Ended, "The interview has ended."),
                _ => new CandidateOutcome(CandidateRefusal.Stopping, "The session stopped here; the interview goes on when it is asked again.", TimeSpan.FromSeconds(1)),
            };
        }
        catch (ObjectDisposedException)
        {
            return conductor.Gone(interview);
        }
        finally
        {
            interview.ControlTurn.Release();
        }
    }
}
