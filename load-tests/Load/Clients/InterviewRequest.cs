using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;

namespace MediaScore.Load.Clients;

/// <summary>The interview that every candidate gets: one of the plans that come with the server, all of the live analysis consented to.</summary>
internal static class InterviewRequest
{
    public const string StageId = "late-dish";
    public const string QuestionId = "late-dish-response";

    private const string PlanId = "store-manager";

    // The plan's own limit of the question; a longer interview gets the same plan with a longer one.
    private static readonly TimeSpan PlansLimit = TimeSpan.FromSeconds(180);

    private static readonly Lazy<string> LongPlan = new(static () =>
        File.ReadAllText(Path.Combine(SharedTestData.RepositoryRoot, "plans", $"{PlanId}.yaml")).Replace("timeLimitSeconds: 180", "timeLimitSeconds: 3600", StringComparison.Ordinal));

    /// <summary>Face identity is left out: it compares with a picture that nobody has given.</summary>
    public static IReadOnlyList<Modality> Consent { get; } =
        [Modality.Audio, Modality.Video, Modality.Transcript, Modality.Prosody, Modality.FacePresence, Modality.Gaze, Modality.Expression, Modality.Text];

    /// <summary>The same as the candidate's page says it.</summary>
    public const string ConsentJson = """{"modalities":["audio","video","transcript","prosody","face-presence","gaze","expression","text"]}""";

    public static CreateInterviewRequest Of(int number, TimeSpan longest, bool invited)
    {
        var request = new CreateInterviewRequest { Tenant = "load", Language = "en", CandidateReference = FormattableString.Invariant($"load-{number}"), CandidateConsents = invited };
        if (longest < PlansLimit)
            request.PlanId = PlanId;
        else
            request.PlanYaml = LongPlan.Value;
        if (!invited)
            request.Consent.AddRange(Consent);
        return request;
    }
}
