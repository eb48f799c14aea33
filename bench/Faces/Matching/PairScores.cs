namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>Cosines of compared faces, and what a threshold makes of them: from it on, as at a door, two faces are taken for one person's.</summary>
internal sealed class PairScores
{
    private readonly double[] _same;
    private readonly double[] _different;

    public PairScores(IEnumerable<(bool IsSame, double Cosine)> pairs)
    {
        var ordered = pairs.OrderBy(pair => pair.Cosine).ToList();
        _same = [.. ordered.Where(pair => pair.IsSame).Select(pair => pair.Cosine)];
        _different = [.. ordered.Where(pair => !pair.IsSame).Select(pair => pair.Cosine)];
    }

    public int SameCount => _same.Length;

    public int DifferentCount => _different.Length;

    /// <summary>One person's pairs that are taken for two people's.</summary>
    public Rate FalseRejects(double threshold) => new(CountBelow(_same, threshold), _same.Length);

    /// <summary>Two people's pairs that are taken for one person's.</summary>
    public Rate FalseAccepts(double threshold) => new(_different.Length - CountBelow(_different, threshold), _different.Length);

    public Rate Right(double threshold) =>
        new(_same.Length - CountBelow(_same, threshold) + CountBelow(_different, threshold), _same.Length + _different.Length);

    /// <summary>Where most pairs are judged right; of several such places the middle of the widest.</summary>
    public double BestThreshold()
    {
        var values = Values();
        var (best, mostRight, widest) = (values[0], -1, -1.0);
        for (var i = 0; i < values.Length; i++)
        {
            // From just above the value before to this one, every threshold judges the same.
            var below = values[Math.Max(0, i - 1)];
            var (right, width) = (Right(values[i]).Count, values[i] - below);
            if (right > mostRight || (right == mostRight && width > widest))
                (best, mostRight, widest) = ((below + values[i]) / 2, right, width);
        }

        return best;
    }

    /// <summary>Share of wrong rejects and of wrong accepts where both are nearest to each other: their mean.</summary>
    public double EqualErrorRate()
    {
        var (rate, apart) = (1.0, double.PositiveInfinity);
        foreach (var value in Values())
        {
            var (rejects, accepts) = (FalseRejects(value).Share, FalseAccepts(value).Share);
            if (Math.Abs(rejects - accepts) < apart)
                (rate, apart) = ((rejects + accepts) / 2, Math.Abs(rejects - accepts));
        }

        return rate;
    }

    /// <summary>The highest threshold that wrongly rejects no more than this share.</summary>
    public double ThresholdAtFalseRejects(double share) => _same[(int)(share * _same.Length)];

    private static int CountBelow(double[] ordered, double threshold)
    {
        var (first, last) = (0, ordered.Length);
        while (first < last)
        {
            var middle = (first + last) / 2;
            if (ordered[middle] < threshold)
                first = middle + 1;
            else
                last = middle;
        }

        return first;
    }

    private double[] Values() => [.. _same.Concat(_different).Distinct().Order()];
}
