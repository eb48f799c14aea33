namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>Strangers at a door where so many people are enrolled with one template each.</summary>
/// <param name="Taken">Share of them that is taken for somebody, if each comparison errs as the measured ones did.</param>
/// <param name="TakenAtMost">The same at the upper bound of what was measured.</param>
internal sealed record StrangerShare(int Enrolled, double Taken, double TakenAtMost);

/// <summary>
/// The threshold that the data supports. The rule: the lowest hundredth at which, of all comparisons of photos of two people, no more are taken for one person than
/// <see cref="TargetFalseAccepts"/> of them.
/// </summary>
/// <param name="FalseAccepts">Over all comparisons of two people's photos.</param>
/// <param name="FalseAcceptsWithin">Of these, within one subset.</param>
/// <param name="FalseAcceptsAtMost">Upper bound of their share, 95 % on one side, as if the comparisons were independent. They are not: there are few people.</param>
/// <param name="PeoplePairsMistaken">Pairs of people of whom at least one comparison was a false accept: what is independent of what, nearly.</param>
/// <param name="FalseRejects">Over all comparisons of two photos of one person.</param>
/// <param name="PeopleRejected">People of whom at least one comparison was a false reject.</param>
internal sealed record ThresholdChoice(
    double Threshold,
    Rate FalseAccepts,
    Rate FalseAcceptsWithin,
    double FalseAcceptsAtMost,
    Rate PeoplePairsMistaken,
    Rate FalseRejects,
    Rate PeopleRejected,
    IReadOnlyList<StrangerShare> Strangers)
{
    /// <summary>One in ten thousand a comparison: what doors usually are set to, and about what so few people can support.</summary>
    public const double TargetFalseAccepts = 1e-4;

    private const double OneSidedTail = 0.05;

    private static readonly int[] Enrolled = [10, 100, 1_000, 10_000];

    public static ThresholdChoice Choose(IReadOnlyList<Comparison> comparisons) => At(comparisons, LowestAllowed(comparisons));

    /// <summary>The same figures at another threshold.</summary>
    public static ThresholdChoice At(IReadOnlyList<Comparison> comparisons, double threshold)
    {
        var same = comparisons.Where(comparison => comparison.IsSame).ToList();
        var different = comparisons.Where(comparison => !comparison.IsSame).ToList();
        var accepts = Accepts(different);
        var atMost = BinomialBound.Upper(accepts.Count, accepts.Of, OneSidedTail);
        return new ThresholdChoice(
            threshold,
            accepts,
            Accepts([.. different.Where(comparison => comparison.IsWithinSubset)]),
            atMost,
            Groups(different.GroupBy(PeopleOf), comparison => comparison.Cosine >= threshold),
            new Rate(same.Count(comparison => comparison.Cosine < threshold), same.Count),
            Groups(same.GroupBy(PeopleOf), comparison => comparison.Cosine < threshold),
            [.. Enrolled.Select(count => new StrangerShare(count, AnyOf(count, accepts.Share), AnyOf(count, atMost)))]);

        Rate Accepts(List<Comparison> of) => new(of.Count(comparison => comparison.Cosine >= threshold), of.Count);
    }

    private static double LowestAllowed(IReadOnlyList<Comparison> comparisons)
    {
        var scores = new PairScores(comparisons.Select(comparison => (comparison.IsSame, comparison.Cosine)));
        var allowed = (int)(TargetFalseAccepts * scores.DifferentCount);
        for (var hundredths = 0; hundredths < 100; hundredths++)
        {
            if (scores.FalseAccepts(hundredths / 100.0).Count <= allowed)
                return hundredths / 100.0;
        }

        return 1;
    }

    /// <summary>Whoever comes first in the alphabet first, so that a pair of people is one group.</summary>
    private static (string, string) PeopleOf(Comparison comparison) => string.CompareOrdinal(comparison.FirstPerson, comparison.SecondPerson) <= 0
        ? (comparison.FirstPerson, comparison.SecondPerson)
        : (comparison.SecondPerson, comparison.FirstPerson);

    private static Rate Groups(IEnumerable<IGrouping<(string, string), Comparison>> groups, Func<Comparison, bool> isWrong)
    {
        var wrong = groups.Select(group => group.Any(isWrong)).ToList();
        return new Rate(wrong.Count(any => any), wrong.Count);
    }

    private static double AnyOf(int count, double share) => 1 - Math.Pow(1 - share, count);
}
