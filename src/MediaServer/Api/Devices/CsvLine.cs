using System.Text;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>
/// Writes lines of CSV as RFC 4180 has it. What others wrote (a device, a person) is kept from being a formula: spreadsheets run a cell that begins with one of a few signs, so an
/// apostrophe goes before it, which they take as "this is text" (OWASP, CSV injection). The same inside a cell, behind what a spreadsheet of another country takes for the end of one: where
/// numbers have a comma, cells end at a semicolon, and quotation marks that begin in the middle of such a cell hold nothing together.
/// </summary>
internal sealed class CsvLine
{
    // The full-width ones are read as the plain ones where East Asian text is usual.
    private const string FormulaSigns = "=+-@＝＋－＠";

    // Some programs drop them at the start of a cell and look again.
    private const string StartControls = "\t\r\n";

    // Of tables in other countries, of rows, and of tables that are pasted.
    private const string CellEnds = ";\t\r\n";

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
        if (cell is { Length: > 0 })
            Quote(AsText(cell));
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

    private static string AsText(string cell)
    {
        var text = new StringBuilder(cell.Length + 1);
        if (StartControls.Contains(cell[0], StringComparison.Ordinal))
            text.Append('\'');
        // Where the cell that a spreadsheet may see begins; null in the middle of it. Some look behind leading spaces: the apostrophe goes before them.
        int? start = text.Length;
        foreach (var sign in cell)
        {
            if (start is { } begin && FormulaSigns.Contains(sign, StringComparison.Ordinal))
                text.Insert(begin, '\'');
            text.Append(sign);
            if (CellEnds.Contains(sign, StringComparison.Ordinal))
                start = text.Length;
            else if (sign is not (' ' or '"'))
                start = null;
        }

        return text.ToString();
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
