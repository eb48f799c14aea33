using MediaScore.Benchmarks.Faces.Data;

namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>One figure from both sides.</summary>
internal sealed record BothSides(string Figure, double Server, double Outside)
{
    public double Difference => Server - Outside;
}

/// <summary>The server's own path beside the same weights run outside of it.</summary>
/// <param name="Faces">Embedded on both sides.</param>
/// <param name="BitEqual">Of these, the same in every bit.</param>
/// <param name="LargestDifference">Of a cosine, over every photo with every other.</param>
/// <param name="DifferentDecisions">Labelled pairs judged otherwise at the threshold in use.</param>
/// <param name="DifferentPeople">Probes to which another person is nearest.</param>
internal sealed record OutsideComparison(
    int Faces, int BitEqual, double LargestDifference, int DifferentDecisions, int DifferentPeople, IReadOnlyList<BothSides> Figures)
{
    // Another order of sums moves a cosine by less; a row of somebody else's by tenths.
    private const double Tolerance = 1e-5;

    public bool IsEqual => LargestDifference <= Tolerance && DifferentDecisions == 0 && DifferentPeople == 0;

    public static OutsideComparison Of(FaceSet set, IReadOnlyList<FaceReading> readings, double inUse)
    {
        var faces = readings.Where(reading => reading.Failure is null).ToList();
        var (server, outside) = (Side(set, readings, reading => reading.Server), Side(set, readings, reading => reading.Outside));
        var (serverPeople, outsidePeople) = (server.People.NearestPeople(), outside.People.NearestPeople());
        return new OutsideComparison(
            faces.Count,
            faces.Count(face => face.Server.AsSpan().SequenceEqual(face.Outside)),
            LargestDifferenceOf(faces),
            Different(server.Pairs.DecisionsAt(inUse), outside.Pairs.DecisionsAt(inUse)),
            Different(serverPeople, outsidePeople),
            [
                new BothSides("accuracy at the best threshold", server.Best.BestAccuracy.Share, outside.Best.BestAccuracy.Share),
                new BothSides("best threshold", server.Best.BestThreshold, outside.Best.BestThreshold),
                new BothSides("equal error rate", server.Best.EqualErrorRate, outside.Best.EqualErrorRate),
                new BothSides("false accepts at 1 % false rejects", server.Best.AcceptsAtOnePercent.Share, outside.Best.AcceptsAtOnePercent.Share),
                new BothSides("the nearest of all people is right", server.People.Measure(inUse).NearestIsRight.Share, outside.People.Measure(inUse).NearestIsRight.Share),
            ]);
    }

    private static (PairVerification Pairs, VerificationRow Best, PersonIdentification People) Side(
        FaceSet set, IReadOnlyList<FaceReading> readings, Func<FaceReading, float[]> embedding)
    {
        var pairs = new PairVerification(set, readings.ToDictionary(reading => reading.Photo.File, embedding));
        var people = new PersonIdentification(PairVerification.All, [.. readings.Select(reading => (reading.Photo.Person, embedding(reading)))], templateCount: 1);
        return (pairs, pairs.Measure(0, 0)[^1], people);
    }

    private static int Different<T>(List<T> first, List<T> second) =>
        Math.Abs(first.Count - second.Count) + first.Zip(second).Count(both => !EqualityComparer<T>.Default.Equals(both.First, both.Second));

    private static double LargestDifferenceOf(List<FaceReading> faces)
    {
        var largest = 0.0;
        for (var i = 0; i < faces.Count; i++)
        {
            for (var j = i + 1; j < faces.Count; j++)
                largest = Math.Max(largest, Math.Abs(Similarity.Of(faces[i].Server, faces[j].Server) - Similarity.Of(faces[i].Outside, faces[j].Outside)));
        }

        return largest;
    }
}
