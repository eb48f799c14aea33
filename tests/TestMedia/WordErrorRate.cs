namespace MediaScore.TestMedia;

/// <summary>Word errors of one or many transcripts: the fewest substitutions, deletions and insertions that turn the reference into what was heard.</summary>
public readonly record struct WordErrorRate(int ReferenceWords, int Substitutions, int Deletions, int Insertions)
{
    public int Errors => Substitutions + Deletions + Insertions;

    /// <summary>Errors a reference word; above 1 where more was invented than said. 0 for an empty reference without errors.</summary>
    public double Rate => ReferenceWords == 0 ? Errors : (double)Errors / ReferenceWords;

    /// <summary>Compares two transcripts after <see cref="TranscriptNormalizer.Words"/>.</summary>
    public static WordErrorRate Of(string reference, string heard) => Of(TranscriptNormalizer.Words(reference), TranscriptNormalizer.Words(heard));

    public static WordErrorRate Of(IReadOnlyList<string> reference, IReadOnlyList<string> heard)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(heard);
        var row = new WordErrorRate[heard.Count + 1];
        for (var j = 0; j < row.Length; j++)
            row[j] = new WordErrorRate(0, 0, 0, j);
        for (var i = 1; i <= reference.Count; i++)
        {
            var diagonal = row[0];
            row[0] = new WordErrorRate(0, 0, i, 0);
            for (var j = 1; j < row.Length; j++)
            {
                var above = row[j];
                row[j] = reference[i - 1] == heard[j - 1]
                    ? diagonal
                    : Least(
                        diagonal with { Substitutions = diagonal.Substitutions + 1 },
                        above with { Deletions = above.Deletions + 1 },
                        row[j - 1] with { Insertions = row[j - 1].Insertions + 1 });
                diagonal = above;
            }
        }

        return row[^1] with { ReferenceWords = reference.Count };
    }

    public static WordErrorRate operator +(WordErrorRate one, WordErrorRate other) => new(
        one.ReferenceWords + other.ReferenceWords,
        one.Substitutions + other.Substitutions,
        one.Deletions + other.Deletions,
        one.Insertions + other.Insertions);

    public override string ToString() => $"{Rate:P1} ({Errors}/{ReferenceWords}: {Substitutions} wrong, {Deletions} missing, {Insertions} added)";

    private static WordErrorRate Least(WordErrorRate one, WordErrorRate other, WordErrorRate third)
    {
        var least = one.Errors <= other.Errors ? one : other;
        return least.Errors <= third.Errors ? least : third;
    }
}
