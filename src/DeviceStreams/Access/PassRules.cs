namespace MediaScore.DeviceStreams.Access;

/// <summary>The numbers by which a pass is decided.</summary>
/// <param name="AcceptSimilarity">Least cosine of a match.</param>
/// <param name="RequireLiveness">No door opens for what was not found alive.</param>
/// <param name="LiveProbability">Least mean probability of a living face.</param>
internal sealed record PassRules(double AcceptSimilarity, bool RequireLiveness, double LiveProbability)
{
    /// <summary>A face worth less is not embedded: the error rates of the threshold were measured on better ones.</summary>
    // Less than what an enrolment asks for (Gallery:LeastQuality, 0.5): nobody poses at a door.
    public double LeastWorth { get; init; } = 0.35;

    /// <summary>Frames that are embedded before somebody is called not recognised.</summary>
    // Three frames at two a second: a person has looked at the camera for a second and a half. Each costs 12 ms of a core.
    public int MostEvidence { get; init; } = 3;

    /// <summary>From the first frame with a face: by then it is decided with what there is.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>Without a face for so long, the next one is another pass.</summary>
    // Two frames of a terminal that sends one a second, or three that found nothing at two.
    public TimeSpan Gap { get; init; } = TimeSpan.FromMilliseconds(2_000);

    /// <summary>After a decision the face is compared again so often: somebody else may have stepped into its place without a gap.</summary>
    public TimeSpan Recheck { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Two frames with a smaller cosine are not one person's.</summary>
    // Frames of one person a second apart lie above 0.6; of two people below 0.4 in 99 of 100 pairs.
    public double SamePersonSimilarity { get; init; } = 0.4;
}
