namespace MediaScore.Assessment.Plans;

/// <summary>A competency and the behaviour that shows it, on five levels (behaviourally anchored rating scale: Smith and Kendall, 1963).</summary>
/// <param name="Definition">One or two sentences for the people who read the report.</param>
/// <param name="Weight">Relative share of the overall rating, above 0 to 100.</param>
/// <param name="DeliveryShare">Share of the rating that delivery (fluency, pauses, fillers) may have where sound allows it, 0 to 0.2. 0 unless the plan's author
/// says that how it is said is part of the job.</param>
/// <param name="Anchors">Exactly five, levels 1 to 5 in order.</param>
public sealed record Competency(
    string Id, LocalizedText Name, LocalizedText Definition, double Weight, double DeliveryShare, IReadOnlyList<BehaviouralAnchor> Anchors);

/// <summary>Behaviour at one level.</summary>
/// <param name="Level">1 (weak) to 5 (outstanding).</param>
/// <param name="Text">What people at this level do.</param>
/// <param name="Examples">How an answer at this level may sound, in the candidate's words; may be empty.</param>
public sealed record BehaviouralAnchor(int Level, LocalizedText Text, IReadOnlyList<LocalizedText> Examples);
