using MediaScore.Timeline;

namespace MediaScore.Assessment.Policy;

/// <summary>The shipped profiles as a table. Where the law is open, the cautious reading is taken.</summary>
internal static class PolicyCatalog
{
    private const string Core = "needed to answer at all; taken with consent only";

    public static readonly IReadOnlyList<PolicyProfile> Profiles =
    [
        Profile(
            "default", "Default",
            prosody: Yes("fluency and pauses, with consent; at most a fifth of a rating"),
            gaze: Yes("looking at the camera, with consent; shown as quality, never scored"),
            expression: No("no sound evidence that expression predicts work (Barrett et al. 2019, doi:10.1177/1529100619832930)"),
            identity: Yes("biometric: with its own consent only")),
        Profile(
            "eu", "European Union",
            prosody: Yes("fluency and pauses only, no emotion is inferred (Regulation (EU) 2024/1689, Art. 5(1)(f))"),
            gaze: No("not needed for a rating: data minimisation (GDPR, Art. 5(1)(c))"),
            expression: No("inferring emotions at work is prohibited (Regulation (EU) 2024/1689, Art. 5(1)(f))"),
            identity: No("biometric data for identification (GDPR, Art. 9(1)); consent is rarely free in hiring (Recital 43)")),
        Profile(
            "cn", "China",
            prosody: Yes("with separate consent (Personal Information Protection Law, Art. 29)"),
            gaze: Yes("with separate consent; shown as quality, never scored (Personal Information Protection Law, Art. 29)"),
            expression: No("not necessary for the purpose (Personal Information Protection Law, Art. 6 and 28)"),
            identity: No("other ways to verify exist, and then a face may not be the only one (Measures on the Application of Facial Recognition Technology, 2025)")),
        Profile(
            "us-il", "Illinois, USA",
            prosody: Yes("with notice, explanation and consent (Artificial Intelligence Video Interview Act, 820 ILCS 42/5); no voiceprint is made"),
            gaze: No("needs a scan of face geometry (Biometric Information Privacy Act, 740 ILCS 14/10)"),
            expression: No("needs a scan of face geometry (Biometric Information Privacy Act, 740 ILCS 14/10)"),
            identity: No("a biometric identifier needs a written release first (Biometric Information Privacy Act, 740 ILCS 14/15(b))")),
        Profile(
            "us-nyc", "New York City, USA",
            prosody: Yes("with notice ten business days before (NYC Administrative Code 20-871(b))"),
            gaze: Yes("shown as quality, never scored, so outside the bias audit (NYC Administrative Code 20-870)"),
            expression: No("not covered by a bias audit (NYC Administrative Code 20-871(a))"),
            identity: No("not covered by a bias audit (NYC Administrative Code 20-871(a))")),
    ];

    private static (bool Allowed, string Reason) Yes(string reason) => (true, reason);

    private static (bool Allowed, string Reason) No(string reason) => (false, reason);

    private static PolicyProfile Profile(
        string name, string title, (bool Allowed, string Reason) prosody, (bool Allowed, string Reason) gaze, (bool Allowed, string Reason) expression,
        (bool Allowed, string Reason) identity) =>
        new(name, title,
        [
            new(Modality.Audio, true, Core),
            new(Modality.Video, true, Core),
            new(Modality.Transcript, true, Core),
            new(Modality.Prosody, prosody.Allowed, prosody.Reason),
            new(Modality.FacePresence, true, "is one person there: a count, not who; never scored"),
            new(Modality.Gaze, gaze.Allowed, gaze.Reason),
            new(Modality.Expression, expression.Allowed, expression.Reason),
            new(Modality.FaceIdentity, identity.Allowed, identity.Reason),
            new(Modality.Text, true, Core),
        ]);
}
