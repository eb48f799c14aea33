namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>Two photos compared, whether anybody labelled them as a pair or not.</summary>
/// <param name="IsWithinSubset">Both are of one subset: alike in colour, size and sharpness, and so harder to tell apart.</param>
internal readonly record struct Comparison(string FirstPerson, string SecondPerson, bool IsWithinSubset, double Cosine)
{
    public bool IsSame => FirstPerson == SecondPerson;

    /// <summary>Every photo with every other.</summary>
    public static List<Comparison> AllOf(IReadOnlyList<FaceReading> readings)
    {
        var faces = readings.Where(reading => reading.Failure is null).ToList();
        var comparisons = new List<Comparison>();
        for (var i = 0; i < faces.Count; i++)
        {
            for (var j = i + 1; j < faces.Count; j++)
            {
                var (first, second) = (faces[i], faces[j]);
                comparisons.Add(new Comparison(
                    first.Photo.Person, second.Photo.Person, first.Photo.Subset == second.Photo.Subset, Similarity.Of(first.Server, second.Server)));
            }
        }

        return comparisons;
    }
}
