using MediaScore.Timeline;

namespace MediaScore.Assessment.Policy;

/// <summary>
/// What one place's rules allow to be extracted from a candidate. A profile switches extraction, not display: what <see cref="Permit"/> leaves out is never
/// constructed. It is a cautious technical default, not legal advice; every rule carries its source.
/// </summary>
/// <param name="Name">As on the wire: <c>default</c>, <c>eu</c>, <c>cn</c>, <c>us-il</c>, <c>us-nyc</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Rules">One for every modality, in order of the enumeration.</param>
public sealed record PolicyProfile(string Name, string Title, IReadOnlyList<PolicyRule> Rules)
{
    /// <summary>The shipped profiles, by name.</summary>
    public static IReadOnlyList<PolicyProfile> All => PolicyCatalog.Profiles;

    /// <summary>Null where there is none of that name (names are lower case).</summary>
    public static PolicyProfile? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    /// <summary>What the profile allows, before any consent.</summary>
    public Modality Allowed => Rules.Where(r => r.Allowed).Aggregate(Modality.None, (all, rule) => all | rule.Modality);

    /// <summary>
    /// What may be extracted: in consent, allowed here, and with everything it is made from (no transcript without audio, no face without video).
    /// </summary>
    public Modality Permit(Modality consent)
    {
        var permitted = consent & Allowed;
        if (!permitted.HasFlag(Modality.Audio))
            permitted &= ~(Modality.Transcript | Modality.Prosody);
        if (!permitted.HasFlag(Modality.Video))
            permitted &= ~(Modality.FacePresence | Modality.Gaze | Modality.Expression | Modality.FaceIdentity);
        return permitted;
    }

    /// <summary>Why each modality that is not permitted is not, for the report. In order of the enumeration.</summary>
    public IReadOnlyList<WithheldModality> Withheld(Modality consent)
    {
        var permitted = Permit(consent);
        return
        [
            .. Rules.Where(rule => !permitted.HasFlag(rule.Modality)).Select(rule => new WithheldModality(
                rule.Modality,
                !rule.Allowed ? $"policy {Name}: {rule.Reason}"
                : !consent.HasFlag(rule.Modality) ? "no consent"
                : rule.Modality is Modality.Transcript or Modality.Prosody ? "needs audio, which is not permitted"
                : "needs video, which is not permitted")),
        ];
    }
}

/// <summary>One line of a profile.</summary>
/// <param name="Modality">Exactly one flag.</param>
/// <param name="Reason">One line: why, and by which source.</param>
public sealed record PolicyRule(Modality Modality, bool Allowed, string Reason);

/// <summary>A modality that was not extracted, and why.</summary>
public sealed record WithheldModality(Modality Modality, string Reason);
