namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>How alike two embeddings of unit length are, as the gallery counts it: products exact in doubles, summed in order.</summary>
internal static class Similarity
{
    public static double Of(float[] first, float[] second)
    {
        var sum = 0.0;
        for (var i = 0; i < first.Length; i++)
            sum += (double)first[i] * second[i];
        return sum;
    }
}
