namespace MediaScore.Inference;

/// <summary>Counts of values by upper bounds, the last bucket open. Not thread-safe.</summary>
internal sealed class BucketCounts(double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];

    public void Add(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
            bucket++;
        _counts[bucket]++;
    }

    public IReadOnlyList<Bucket> ToBuckets()
    {
        var buckets = new Bucket[_counts.Length];
        for (var i = 0; i < buckets.Length; i++)
            buckets[i] = new Bucket(i < bounds.Length ? bounds[i] : double.PositiveInfinity, _counts[i]);
        return buckets;
    }
}

/// <summary>How many values lay above the bound before and not above this one. Not added up.</summary>
/// <param name="UpTo">Upper bound, itself included; infinite for the last.</param>
public readonly record struct Bucket(double UpTo, long Count);
