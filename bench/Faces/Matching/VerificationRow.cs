namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>Verification (1:1) over the labelled pairs of one subset, or of all.</summary>
/// <param name="Lost">Pairs of which a photo has no face to compare; in none of the other figures.</param>
/// <param name="BestAccuracy">At the threshold that suits just these pairs: nothing can do better with one.</param>
/// <param name="OthersThreshold">The one that suits the other subsets' people, of whom none is here; null for all.</param>
/// <param name="OthersAccuracy">At that one; of all the sum.</param>
/// <param name="AcceptsAtOnePercent">False accepts at the highest threshold that rejects at most 1 % of one person's pairs.</param>
internal sealed record VerificationRow(
    string Subset,
    int Same,
    int Different,
    int Lost,
    double BestThreshold,
    Rate BestAccuracy,
    double? OthersThreshold,
    Rate OthersAccuracy,
    double EqualErrorRate,
    Rate AcceptsAtOnePercent,
    Rate RejectsInUse,
    Rate AcceptsInUse,
    Rate RejectsChosen,
    Rate AcceptsChosen);
