namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>How large a share may be of which so few were seen: Clopper and Pearson 1934, exact for independent draws.</summary>
internal static class BinomialBound
{
    // Halvings of 0 to 1: beyond what a double tells apart.
    private const int Steps = 60;

    /// <summary>The largest share at which <paramref name="count"/> or fewer of <paramref name="of"/> still have the probability <paramref name="tail"/>.</summary>
    public static double Upper(int count, int of, double tail)
    {
        if (count >= of)
            return 1;
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < Steps; step++)
        {
            var middle = (low + high) / 2;
            if (ProbabilityOfAtMost(count, of, middle) > tail)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    private static double ProbabilityOfAtMost(int count, int of, double share)
    {
        var odds = Math.Log(share) - Math.Log(1 - share);
        // Logarithm of the binomial term, from one count to the next.
        var term = of * Math.Log(1 - share);
        var sum = Math.Exp(term);
        for (var i = 0; i < count; i++)
        {
            term += Math.Log((of - i) / (i + 1.0)) + odds;
            sum += Math.Exp(term);
        }

        return sum;
    }
}
