namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>So many of so many.</summary>
internal sealed record Rate(int Count, int Of)
{
    // On each side: together the usual 5 %.
    private const double Tail = 0.025;

    public double Share => Of == 0 ? 0 : (double)Count / Of;

    /// <summary>The true share lies from here with 95 % probability, if the draws were independent.</summary>
    public double Low => 1 - BinomialBound.Upper(Of - Count, Of, Tail);

    /// <summary>And to here.</summary>
    public double High => BinomialBound.Upper(Count, Of, Tail);

    public override string ToString() => $"{Share:P2} ({Count}/{Of})";
}
