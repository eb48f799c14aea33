namespace MediaScore.Benchmarks.Faces.Matching;

/// <summary>Identification (1:N): the first photos of each person are enrolled, all others look for their person among all who are.</summary>
internal sealed class PersonIdentification
{
    private readonly List<(string Person, float[] Face)> _gallery = [];
    private readonly List<(string Person, float[] Face)> _probes = [];
    private readonly string _name;
    private readonly int _templateCount;
    private readonly int _peopleCount;
    private readonly int _lost;

    /// <param name="faces">A photo's person and its embedding, empty where there is none, in the order of the photos.</param>
    public PersonIdentification(string name, IReadOnlyCollection<(string Person, float[] Face)> faces, int templateCount)
    {
        (_name, _templateCount) = (name, templateCount);
        _lost = faces.Count(face => face.Face.Length == 0);
        foreach (var person in faces.Where(face => face.Face.Length > 0).GroupBy(face => face.Person))
        {
            _gallery.AddRange(person.Take(templateCount));
            _probes.AddRange(person.Skip(templateCount));
            _peopleCount++;
        }
    }

    /// <summary>Who is nearest, probe by probe.</summary>
    public List<string> NearestPeople() => [.. _probes.Select(probe => Nearest(probe.Face, exceptPerson: null).Person)];

    public IdentificationRow Measure(double threshold)
    {
        int right = 0, recognised = 0, mistaken = 0, strangers = 0;
        foreach (var (person, face) in _probes)
        {
            var (nearest, cosine) = Nearest(face, exceptPerson: null);
            right += nearest == person ? 1 : 0;
            recognised += nearest == person && cosine >= threshold ? 1 : 0;
            mistaken += nearest != person && cosine >= threshold ? 1 : 0;
            // The same face at a door where its person was never enrolled.
            strangers += Nearest(face, person).Cosine >= threshold ? 1 : 0;
        }

        return new IdentificationRow(
            _name, _peopleCount, _templateCount, threshold, _lost, Of(right), Of(recognised), Of(mistaken), Of(strangers));

        Rate Of(int count) => new(count, _probes.Count);
    }

    private (string Person, double Cosine) Nearest(float[] face, string? exceptPerson)
    {
        var best = (Person: "", Cosine: double.NegativeInfinity);
        foreach (var (person, template) in _gallery)
        {
            if (person != exceptPerson && Similarity.Of(face, template) is var cosine && cosine > best.Cosine)
                best = (person, cosine);
        }

        return best;
    }
}
