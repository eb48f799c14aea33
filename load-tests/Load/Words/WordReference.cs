using MediaScore.Load.Results;
using MediaScore.TestMedia;

namespace MediaScore.Load.Words;

/// <summary>
/// What an earlier run has heard of each sentence of each speaker, for <c>--words-of</c>: load may not change a word. Compared are whole utterances only: what an interview's
/// beginning or end cuts was heard in other neighbourhoods.
/// </summary>
internal sealed class WordReference
{
    // One sentence can be heard in two ways by one stream too, beside another noise: either is as before.
    private readonly Dictionary<(string Speaker, string Said), HashSet<string>> _readings = [];
    private readonly Dictionary<(int Interview, string Start, string Said), string> _inPlace = [];
    private readonly List<string> _changes = [];
    private readonly string _folder;
    private int _sentences;
    private int _sentencesChanged;
    private int _words;
    private int _wordsChanged;
    private int _placed;
    private int _placedWords;
    private int _placedWordsChanged;

    /// <param name="folder">Of the run, as it was named.</param>
    public WordReference(string folder, IEnumerable<UtteranceLine> lines)
    {
        _folder = folder;
        foreach (var line in lines.Where(line => line.Said.Length > 0))
        {
            if (!_readings.TryGetValue((line.Speaker, line.Said), out var readings))
                _readings[(line.Speaker, line.Said)] = readings = new HashSet<string>(StringComparer.Ordinal);
            readings.Add(line.Heard);
            _inPlace.TryAdd(PlaceOf(line), line.Heard);
        }
    }

    /// <summary>What differed so far: speaker, sentence, what the reference heard and what this run.</summary>
    public IReadOnlyList<string> Changes => _changes;

    /// <summary>So far.</summary>
    public WordComparison Comparison => new(_folder, _sentences, _sentencesChanged, _words, _wordsChanged, _readings.Values.Count(readings => readings.Count > 1), _placed, _placedWords, _placedWordsChanged);

    /// <exception cref="InvalidDataException">The folder holds no utterances.</exception>
    public static WordReference Load(string folder) => new(folder, UtteranceLine.Read(folder));

    /// <summary>One whole utterance of this run. What the reference has not heard is not compared.</summary>
    public void Compare(UtteranceLine line)
    {
        if (!_readings.TryGetValue((line.Speaker, line.Said), out var readings))
            return;
        if (_inPlace.TryGetValue(PlaceOf(line), out var before))
        {
            var placed = WordErrorRate.Of(before, line.Heard);
            _placed++;
            _placedWords += placed.ReferenceWords;
            _placedWordsChanged += placed.Errors;
        }

        var nearest = readings.MinBy(reading => WordErrorRate.Of(reading, line.Heard).Errors)!;
        var difference = WordErrorRate.Of(nearest, line.Heard);
        _sentences++;
        _words += difference.ReferenceWords;
        _wordsChanged += difference.Errors;
        if (difference.Errors == 0)
            return;
        _sentencesChanged++;
        _changes.Add($"{line.Speaker}\t{line.Said}\t{nearest}\t{line.Heard}");
    }

    // As the file has it: what was read and what is compared are rounded alike.
    private static (int Interview, string Start, string Said) PlaceOf(UtteranceLine line) => (line.Interview, line.Start, line.Said);
}
