namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>
/// What an enrolment notices at one threshold (Gallery:DuplicateSimilarity), over the photos that are good enough to be enrolled. The first photos of each person are enrolled; each other
/// one then comes under a new number.
/// </summary>
/// <param name="NoticedOfOne">Taken for their own person, who has one template.</param>
/// <param name="NoticedOfThree">Who has up to three.</param>
/// <param name="Repeated">People who get more than one entry where all of their photos come one after another, each under a number of its own.</param>
/// <param name="RefusedByOne">The same photos where their own person was never enrolled and all others are, with one template each: taken for one of them, so refused.</param>
/// <param name="RefusedByThree">With up to three each.</param>
/// <param name="Mistaken">Of the comparisons of two people's photos, those that are taken for one person.</param>
/// <param name="Strangers">What that makes of galleries of some sizes.</param>
internal sealed record DuplicateRow(
    double Threshold, Rate NoticedOfOne, Rate NoticedOfThree, Rate Repeated, Rate RefusedByOne, Rate RefusedByThree, Rate Mistaken, IReadOnlyList<StrangerShare> Strangers)
{
    // From where different people are often alike to where one person's photos mostly are not.
    private const int FirstPercent = 30;
    private const int LastPercent = 65;
    private const int StepPercent = 5;

    /// <param name="readings">Of photos that an enrolment takes.</param>
    public static List<DuplicateRow> Measure(IReadOnlyList<FaceReading> readings)
    {
        var faces = readings.Select(reading => (reading.Photo.Person, reading.Server)).ToList();
        var (one, three) = (new PersonIdentification("", faces, 1), new PersonIdentification("", faces, 3));
        var comparisons = Comparison.AllOf(readings);
        var rows = new List<DuplicateRow>();
        for (var percent = FirstPercent; percent <= LastPercent; percent += StepPercent)
        {
            var threshold = percent / 100.0;
            var (ofOne, ofThree, choice) = (one.Measure(threshold), three.Measure(threshold), ThresholdChoice.At(comparisons, threshold));
            rows.Add(new DuplicateRow(threshold, ofOne.Recognised, ofThree.Recognised, Repeat(faces, threshold), ofOne.StrangersTaken, ofThree.StrangersTaken, choice.FalseAccepts, choice.Strangers));
        }

        return rows;
    }

    private static Rate Repeat(IReadOnlyList<(string Person, float[] Face)> faces, double threshold)
    {
        var people = faces.GroupBy(face => face.Person).Where(person => person.Count() > 1).ToList();
        return new Rate(people.Count(person => EntriesOf([.. person.Select(face => face.Face)], threshold) > 1), people.Count);
    }

    private static int EntriesOf(IReadOnlyList<float[]> faces, double threshold)
    {
        var enrolled = new List<float[]>();
        foreach (var face in faces)
        {
            if (enrolled.TrueForAll(other => Similarity.Of(face, other) < threshold))
                enrolled.Add(face);
        }

        return enrolled.Count;
    }
}
