namespace MediaScore.Inference;

/// <summary>
/// Dimensions of one row of a tensor, without the batch axis: <c>[3, 224, 224]</c> for a picture that a model takes as <c>[batch, 3, 224, 224]</c>.
/// At most four dimensions, so that comparing two shapes allocates nothing.
/// </summary>
public readonly record struct RowShape
{
    private readonly int _first;
    private readonly int _second;
    private readonly int _third;
    private readonly int _fourth;

    public RowShape(int first)
    {
        (Rank, _first) = (1, first);
        ThrowIfNotPositive(first);
    }

    public RowShape(int first, int second)
    {
        (Rank, _first, _second) = (2, first, second);
        ThrowIfNotPositive(first);
        ThrowIfNotPositive(second);
    }

    public RowShape(int first, int second, int third)
    {
        (Rank, _first, _second, _third) = (3, first, second, third);
        ThrowIfNotPositive(first);
        ThrowIfNotPositive(second);
        ThrowIfNotPositive(third);
    }

    public RowShape(int first, int second, int third, int fourth)
    {
        (Rank, _first, _second, _third, _fourth) = (4, first, second, third, fourth);
        ThrowIfNotPositive(first);
        ThrowIfNotPositive(second);
        ThrowIfNotPositive(third);
        ThrowIfNotPositive(fourth);
    }

    /// <summary>Number of dimensions; 0 for <c>default</c>, a model that takes one scalar a row.</summary>
    public int Rank { get; }

    /// <summary>Values in one row.</summary>
    public int ElementCount => Rank switch
    {
        0 => 1,
        1 => _first,
        2 => checked(_first * _second),
        3 => checked(_first * _second * _third),
        _ => checked(_first * _second * _third * _fourth),
    };

    public int this[int dimension] => dimension switch
    {
        _ when (uint)dimension >= (uint)Rank => throw new ArgumentOutOfRangeException(nameof(dimension)),
        0 => _first,
        1 => _second,
        2 => _third,
        _ => _fourth,
    };

    /// <summary>The shape of a tensor of such rows, with the batch axis inserted at <paramref name="batchAxis"/>.</summary>
    internal long[] ToTensorShape(int rowCount, int batchAxis = 0)
    {
        var shape = new long[Rank + 1];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = i == batchAxis ? rowCount : this[i < batchAxis ? i : i - 1];
        return shape;
    }

    public override string ToString() => $"[{string.Join(", ", ToTensorShape(0).Skip(1))}]";

    private static void ThrowIfNotPositive(int dimension) => ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
}
