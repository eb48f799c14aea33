using MediaScore.Assessment.Policy;
using MediaScore.Storage;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Sessions;

// What an invited candidate adds to the life of an interview: consent before its session exists, and a place when the candidate comes.
internal sealed partial class InterviewConductor
{
    // A process that stops is replaced within seconds.
    public static readonly TimeSpan RestartTime = TimeSpan.FromSeconds(5);

    /// <summary>Settles what the candidate consents to, and with the policy what is permitted. May be said again until media has begun.</summary>
    /// <returns>Null when it is settled, else why it cannot be.</returns>
    public async Task<string?> SetConsentAsync(LiveInterview interview, Modality consent, CancellationToken cancellation)
    {
        var row = interview.Row;
        if (!row.Invited)
            return "Consent was given when this interview was made.";
        var profile = PolicyProfile.Find(row.PolicyProfile) ?? throw new InvalidOperationException($"Policy profile '{row.PolicyProfile}' of interview {row.Id} is gone.");
        var permitted = profile.Permit(consent);
        var settled = await interview.BeforeMediaAsync(
            async () =>
            {
                if (!await store.SetConsentAsync(row.Id, consent, permitted, cancellation))
                    return false;
                (row.Consent, row.Permitted, row.ConsentPending) = (consent, permitted, false);
                return true;
            },
            cancellation);
        if (!settled)
            return "The interview has begun; what was consented to can no longer be changed.";
        LogConsentSettled(row.Id, permitted);
        return null;
    }

    /// <summary>May the candidate of this interview send media or answer now? An invitation takes its place here.</summary>
    public CandidateOutcome Admit(LiveInterview interview)
    {
        if (Stopping.IsCancellationRequested || (IsDraining && IsNew(interview)))
            return Restarting();
        if (interview.Row.ConsentPending)
            return new CandidateOutcome(CandidateRefusal.ConsentPending, "The candidate has to say first what is consented to.");
        if (interview.Row.State is not (InterviewState.Created or InterviewState.Running) || interview.Session is { HasEnded: true })
            return new CandidateOutcome(CandidateRefusal.Ended, "The interview has ended.");
        return TakePlace(interview) is { Admitted: false } refusal ? new CandidateOutcome(CandidateRefusal.NoPlace, refusal.Message, refusal.RetryAfter) : CandidateOutcome.Done;
    }

    /// <summary>
    /// Gives a place to who begins and has none: an invitation whose candidate comes, and an interview that nobody came to for so long that its place was given back. Who is in the
    /// middle has one, however bad the connection.
    /// </summary>
    public AdmissionDecision TakePlace(LiveInterview interview)
    {
        if (interview.Row.State is not InterviewState.Created || interview.HoldsPlace)
            return default;
        var decision = admission.TryReserve(out var place);
        if (place is null)
        {
            meter.InterviewRefused(decision.Reason);
            return decision;
        }

        using (place)
            interview.TakePlace();
        return default;
    }

    /// <summary>What to say when an interview was found and is not led here any more.</summary>
    public CandidateOutcome Gone(LiveInterview interview) => Admit(interview) is { Accepted: false } refusal ? refusal : Restarting();

    private static CandidateOutcome Restarting() =>
        new(CandidateRefusal.Stopping, "The server is about to be restarted; the interview goes on after that.", RestartTime);

    private static TimeSpan ExpiryOf(InterviewRow row) => row.Invited ? InvitationExpiry : CreatedExpiry;
}
