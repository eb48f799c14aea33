namespace MediaScore.Load.Report;

/// <summary>Long series are drawn with as many points as a chart has pixels to tell apart.</summary>
internal static class Series
{
    private const int MostPoints = 240;

    /// <summary>Neighbours joined, each group by <paramref name="join"/>.</summary>
    public static List<TOut> Join<TIn, TOut>(IReadOnlyList<TIn> values, Func<IReadOnlyList<TIn>, TOut> join)
    {
        var size = Math.Max(1, (values.Count + MostPoints - 1) / MostPoints);
        return [.. values.Chunk(size).Select(join)];
    }
}
