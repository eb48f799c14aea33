using System.Text.RegularExpressions;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>The lines of a table. No row of people goes over two of them: a name has no line breaks, so a quotation mark that is open at a line's end is a slip.</summary>
internal sealed partial class TableLines
{
    // Far above a row with columns of somebody else's; a row of many millions is more than its reader holds.
    private const int MaxLength = 65_536;

    private readonly string _text;
    private readonly List<int> _starts = [0];

    public TableLines(string text)
    {
        _text = text;
        foreach (var end in LineEnd().EnumerateMatches(text))
            _starts.Add(end.Index + end.Length);
    }

    public int Count => _starts.Count;

    /// <summary>From one line on, up to another, with their ends.</summary>
    public ReadOnlyMemory<char> Text(int first, int end) => _text.AsMemory(_starts[first], StartOf(end) - _starts[first]);

    /// <summary>Why a line cannot be read, as a person reads it; null where it can.</summary>
    public string? FaultOf(int line)
    {
        var text = Text(line, line + 1).Span;
        if (text.Length > MaxLength)
            return $"this line has more than {MaxLength} characters";
        return text.Count('"') % 2 == 0 ? null : "a quotation mark on this line is not closed";
    }

    /// <summary>The first line from here on that cannot be read, or the end.</summary>
    public int EndOfSound(int first)
    {
        while (first < Count && FaultOf(first) is null)
            first++;
        return first;
    }

    private int StartOf(int line) => line < _starts.Count ? _starts[line] : _text.Length;

    // As the reader counts them.
    [GeneratedRegex(@"\r\n|\n|\r")]
    private static partial Regex LineEnd();
}
