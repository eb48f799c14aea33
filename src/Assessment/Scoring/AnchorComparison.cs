using MediaScore.Timeline;

namespace MediaScore.Assessment.Scoring;

/// <summary>Where an answer stands between the five anchors of one competency, by the similarities of its sentences.</summary>
/// <param name="Level">Expected level, 1 to 5.</param>
/// <param name="Margin">Nearest level's similarity above the mean of the others, 0 and up: how clearly the levels differ.</param>
/// <param name="Nearness">Best similarity of any sentence to any anchor.</param>
/// <param name="TopicNearness">Best similarity of any sentence to the question; null where it was not compared.</param>
/// <param name="Best">Every sentence's nearest level, best first.</param>
internal sealed record AnchorComparison(double Level, double Margin, double Nearness, double? TopicNearness, IReadOnlyList<NearestAnchor> Best)
{
    // Unrelated sentences have a cosine around 0 to 0.15 with this family of encoders; they say nothing about a level.
    private const double OnTopic = 0.2;

    // Levels of one competency speak of the same thing, so their similarities lie close together: 0.05 apart should matter.
    private const double Temperature = 0.05;

    // One good sentence is a hit, two are evidence.
    private const int SentencesALevel = 2;

    /// <param name="counting">Indices of the sentences that count.</param>
    /// <returns>Null where nothing was compared.</returns>
    public static AnchorComparison? Of(IReadOnlyList<AnchorSimilarity> similarities, IReadOnlySet<int> counting)
    {
        var nearest = new SortedDictionary<int, double[]>();
        double? topic = null;
        foreach (var similarity in similarities.Where(s => counting.Contains(s.SentenceIndex) && s.Level is >= 0 and <= 5))
        {
            if (!nearest.TryGetValue(similarity.SentenceIndex, out var levels))
                nearest[similarity.SentenceIndex] = levels = [-1, -1, -1, -1, -1, -1];
            levels[similarity.Level] = Math.Max(levels[similarity.Level], similarity.Cosine);
            if (similarity.Level == 0)
                topic = Math.Max(topic ?? -1, similarity.Cosine);
        }

        if (nearest.Count == 0 || nearest.Values.All(levels => levels.Skip(1).Max() <= -1))
            return null;

        // A sentence counts when it is about the question or about any behaviour; where none is, all do, and the caller sees how far off they are.
        var relevant = nearest.Values.Where(levels => levels.Max() >= OnTopic).ToList();
        if (relevant.Count == 0)
            relevant = [.. nearest.Values];
        var similarityOfLevel = new double[6];
        for (var level = 1; level <= 5; level++)
            similarityOfLevel[level] = relevant.Select(levels => levels[level]).OrderDescending().Take(SentencesALevel).Average();

        var highest = similarityOfLevel.Skip(1).Max();
        double weightSum = 0, levelSum = 0;
        for (var level = 1; level <= 5; level++)
        {
            var weight = Math.Exp((similarityOfLevel[level] - highest) / Temperature);
            weightSum += weight;
            levelSum += weight * level;
        }

        var best = nearest.Select(s => new NearestAnchor(s.Key, Array.IndexOf(s.Value, s.Value.Skip(1).Max(), 1), s.Value.Skip(1).Max()))
            .OrderByDescending(b => b.Cosine).ThenBy(b => b.SentenceIndex).ToList();
        var others = (similarityOfLevel.Skip(1).Sum() - highest) / 4;
        return new AnchorComparison(levelSum / weightSum, highest - others, best[0].Cosine, topic, best);
    }
}

/// <summary>One sentence and the anchor it is nearest to.</summary>
internal readonly record struct NearestAnchor(int SentenceIndex, int Level, double Cosine);
