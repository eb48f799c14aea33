using System.Text;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>
/// Writes lines of CSV as RFC 4180 has it. What others wrote (a device, a person) is kept from being a formula: spreadsheets run a cell that begins with one of a few signs, so an
/// apostrophe goes before it, which they take as "this is text" (OWASP, CSV injection).
/// </summary>
internal sealed class CsvLine
{
    // The full-width ones are read as the plain ones where East Asian text is usual.
    private const string FormulaSigns = "=+-@\t\r\n＝＋－＠";

    private readonly StringBuilder _text = new();
    private bool _isBegun;

    /// <summary>A cell that the server made itself: a number, a time, a word of ours.</summary>
    public CsvLine Own(string cell)
    {
        Separate();
        Quote(cell);
        return this;
    }

    /// <summary>A cell that somebody else wrote.</summary>
    public CsvLine Foreign(string? cell)
    {
        Separate();
        if (cell is not { Length: > 0 })
            return this;
        // Some programs look behind leading spaces.
        var first = cell.AsSpan().TrimStart(' ') is [var sign, ..] ? sign : ' ';
        Quote(FormulaSigns.Contains(first, StringComparison.Ordinal) ? "'" + cell : cell);
        return this;
    }

    public void End()
    {
        _text.Append("\r\n");
        _isBegun = false;
    }

    /// <summary>All lines since the last call.</summary>
    public string Take()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    private void Separate()
    {
        if (_isBegun)
            _text.Append(',');
        _isBegun = true;
    }

    private void Quote(string cell)
    {
        if (cell.AsSpan().IndexOfAny(",\"\r\n") < 0 && !cell.StartsWith(' ') && !cell.EndsWith(' '))
            _text.Append(cell);
        else
            _text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
