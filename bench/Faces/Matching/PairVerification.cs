using MediaScore.Benchmarks.Faces.Data;

namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>Verification (1:1) over labelled pairs.</summary>
internal sealed class PairVerification
{
    public const string All = "all";

    // Issue and literature ask for false accepts at this share of false rejects.
    private const double OnePercent = 0.01;

    private readonly List<(PhotoPair Pair, double Cosine)> _compared = [];
    private readonly FaceSet _set;

    /// <param name="embeddings">By file; empty where there is none.</param>
    public PairVerification(FaceSet set, IReadOnlyDictionary<string, float[]> embeddings)
    {
        _set = set;
        foreach (var pair in set.Pairs)
        {
            var (first, second) = (embeddings[pair.First], embeddings[pair.Second]);
            if (first.Length > 0 && second.Length > 0)
                _compared.Add((pair, Similarity.Of(first, second)));
        }
    }

    /// <summary>Of a subset, or of <see cref="All"/>.</summary>
    public PairScores ScoresOf(string subset) => Scores(pair => subset == All || pair.Subset == subset);

    /// <summary>Taken for one person's, pair by pair.</summary>
    public List<bool> DecisionsAt(double threshold) => [.. _compared.Select(compared => compared.Cosine >= threshold)];

    /// <summary>A row a subset, and one of all.</summary>
    public List<VerificationRow> Measure(double inUse, double chosen)
    {
        var rows = new List<VerificationRow>();
        foreach (var subset in _set.Subsets)
        {
            var scores = ScoresOf(subset);
            var others = Scores(pair => pair.Subset != subset).BestThreshold();
            var pairCount = _set.Pairs.Count(pair => pair.Subset == subset);
            rows.Add(Row(subset, scores, pairCount, others, scores.Right(others), inUse, chosen));
        }

        var right = new Rate(rows.Sum(row => row.OthersAccuracy.Count), rows.Sum(row => row.OthersAccuracy.Of));
        rows.Add(Row(All, ScoresOf(All), _set.Pairs.Count, null, right, inUse, chosen));
        return rows;
    }

    private static VerificationRow Row(string subset, PairScores scores, int pairCount, double? others, Rate atOthers, double inUse, double chosen)
    {
        var best = scores.BestThreshold();
        return new VerificationRow(
            subset, scores.SameCount, scores.DifferentCount, pairCount - scores.SameCount - scores.DifferentCount, best, scores.Right(best), others, atOthers,
            scores.EqualErrorRate(), scores.FalseAccepts(scores.ThresholdAtFalseRejects(OnePercent)),
            scores.FalseRejects(inUse), scores.FalseAccepts(inUse), scores.FalseRejects(chosen), scores.FalseAccepts(chosen));
    }

    private PairScores Scores(Func<PhotoPair, bool> isMeant) =>
        new(_compared.Where(compared => isMeant(compared.Pair)).Select(compared => (compared.Pair.IsSame, compared.Cosine)));
}
