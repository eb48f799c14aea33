namespace MediaScore.Perception.Language;

/// <summary>The direction of one text. <paramref name="Truncated"/>: the text was longer than the model reads, and only its beginning counts.</summary>
/// <param name="Values"><see cref="SentenceEncoder.Dimensions"/> values of unit length.</param>
public readonly record struct SentenceEmbedding(ReadOnlyMemory<float> Values, bool Truncated)
{
    /// <summary>Cosine of the angle between two texts: -1..1, 1 for the same meaning.</summary>
    public double Similarity(SentenceEmbedding other)
    {
        var a = Values.Span;
        var b = other.Values.Span;
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}
