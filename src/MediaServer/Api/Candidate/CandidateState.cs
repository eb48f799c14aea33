namespace MediaScore.MediaServer.Api.Candidate;

/// <summary>All that the candidate's page has to know of its interview; the answer of <c>GET .../candidate/state</c> (docs/formats/candidate-api.md).</summary>
/// <param name="Title">Of the plan, in the language that was asked for.</param>
/// <param name="Language">Of all texts here: what was asked for where the plan has it, else the interview's.</param>
/// <param name="Languages">The plan's, its default first.</param>
/// <param name="Speech">BCP 47: what the answers are expected to be spoken in.</param>
/// <param name="ConsentPending">The candidate has not said yet what may be recorded.</param>
/// <param name="Modalities">Every modality, in one order, with what the policy says of it.</param>
/// <param name="Consent">What the candidate agreed to; empty while it is pending.</param>
/// <param name="Permitted">Consent and policy taken together: what is recorded and measured.</param>
/// <param name="RecordedMs">Length of the interview so far, on its own clock.</param>
/// <param name="SafeMs">Up to here everything survives a power cut of the server.</param>
/// <param name="MediaNeeded">Answers by voice or video begin only while media are connected.</param>
/// <param name="WhipUrl">Where the browser sends its media (RFC 9725), a path on this server.</param>
internal sealed record CandidateState(
    string InterviewId, CandidatePhase State, string Title, string Language, IReadOnlyList<string> Languages, string Speech, bool ConsentPending,
    IReadOnlyList<ModalityChoice> Modalities, IReadOnlyList<string> Consent, IReadOnlyList<string> Permitted, IReadOnlyList<CandidateStage> Stages,
    CandidatePosition Position, bool MediaNeeded, bool MediaConnected, long RecordedMs, long SafeMs, VideoLimits Video, IReadOnlyList<IceServer> IceServers,
    string WhipUrl);

/// <summary>Where an interview stands, as its candidate sees it.</summary>
internal enum CandidatePhase
{
    /// <summary>Consent is asked for.</summary>
    Invited,

    /// <summary>Consent is settled and nothing was recorded yet.</summary>
    Ready,

    Running,

    /// <summary>The last answer is in; the analysis goes on without the candidate.</summary>
    Finishing,

    Finished,
    Failed,
}

/// <param name="Modality"><c>audio</c>, <c>face-presence</c> and so on.</param>
/// <param name="Allowed">By the policy of this interview; where it is false, consent changes nothing.</param>
/// <param name="Reason">Why, with the source of the rule; English.</param>
/// <param name="Requires">The modality without which this one is not permitted, or null.</param>
internal sealed record ModalityChoice(string Modality, bool Allowed, string Reason, string? Requires);

/// <param name="Mode"><c>video</c>, <c>voice</c> or <c>text</c>.</param>
internal sealed record CandidateStage(string Id, string Title, string Mode, IReadOnlyList<CandidateQuestion> Questions);

/// <param name="Rerecords">How often the answer may be given again.</param>
internal sealed record CandidateQuestion(string Id, string Text, int TimeLimitSeconds, int Rerecords);

/// <param name="Open">The answer that is being given, or null.</param>
/// <param name="Next">The question to be asked next, or null at the end.</param>
/// <param name="Attempts">Takes begun so far, by question; one that is not listed has none.</param>
/// <param name="Over">The interview has ended.</param>
internal sealed record CandidatePosition(OpenQuestion? Open, NextQuestion? Next, IReadOnlyDictionary<string, int> Attempts, bool Over);

/// <param name="SecondsLeft">Until its time limit. The limit does not run while the candidate's connection is lost.</param>
internal sealed record OpenQuestion(string StageId, string QuestionId, int Attempt, double SecondsLeft);

internal sealed record NextQuestion(string StageId, string QuestionId);

/// <summary>What the browser is asked to send at most.</summary>
/// <param name="Codec">The one the server wants, or null for the browser's choice.</param>
/// <param name="MaxBitrate">Bits a second.</param>
internal sealed record VideoLimits(string? Codec, int MaxHeight, int MaxFramerate, int MaxBitrate);

/// <summary>As <c>RTCIceServer</c>.</summary>
internal sealed record IceServer(IReadOnlyList<string> Urls, string? Username, string? Credential);
