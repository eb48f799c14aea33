using nietras.SeparatedValues;

namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>
/// A table of people: RFC 4180 with a head, columns <c>number, name, photo, consent, lookalike</c> in any order and case, the last three optional; others are left alone. Commas, semicolons
/// and tabs separate. A row that cannot be used carries its fault, and the rest goes on.
/// </summary>
internal static class ImportTable
{
    private const int CellLength = 1_024;

    private static readonly string[] Columns = ["number", "name", "photo", "consent", "lookalike"];

    // What people write where somebody has not agreed.
    private static readonly HashSet<string> No = new(StringComparer.OrdinalIgnoreCase) { "", "-", "0", "no", "n", "false", "none", "否", "无", "不同意" };

    // And where somebody has: a record has to say how, so the table itself is named.
    private static readonly HashSet<string> Yes = new(StringComparer.OrdinalIgnoreCase) { "1", "yes", "y", "true", "x", "是", "有", "同意" };

    /// <exception cref="PeopleImportException">It is no table of people, or too long.</exception>
    public static IReadOnlyList<ImportRow> Read(string text, PeopleImportOptions options)
    {
        var lines = new TableLines(text);
        var separator = SeparatorOf(text);
        int[]? places = null;
        var rows = new List<ImportRow>();
        var firsts = new Dictionary<string, ImportRow>(StringComparer.Ordinal);
        for (var first = 0; first < lines.Count;)
        {
            if (lines.FaultOf(first) is { } fault)
            {
                // The row alone: read on, it would swallow those up to the next quotation mark, or be taken as it is where it is the last.
                if (places is null)
                    throw new PeopleImportException($"The head of the table, on line {first + 1}, cannot be read: {fault}.");
                Add(Unreadable(lines.Text(first, first + 1), separator, places, first + 1, fault));
                first++;
                continue;
            }

            var end = lines.EndOfSound(first);
            using var reader = new Sep(separator).Reader(set => set with { HasHeader = false, Unescape = true, DisableColCountCheck = true }).From(new PartReader(lines.Text(first, end)));
            // Where the next row begins. Counted here: where its first row begins, the reader does not say rightly (it says where that ends).
            var next = 1;
            foreach (var cells in reader)
            {
                var number = first + next;
                next = cells.LineNumberToExcl;
                if (IsEmpty(cells))
                    continue;
                if (places is null)
                    places = PlacesOf(cells);
                else
                    Add(Checked(RowOf(cells, places, number), firsts));
            }

            first = end;
        }

        return places is null ? throw new PeopleImportException("The table is empty. Its first line has to be: number,name,photo,consent") : rows;

        void Add(ImportRow row)
        {
            if (rows.Count == options.MaxRows)
                throw new PeopleImportException($"The table has more than {options.MaxRows} rows (PeopleImport:MaxRows). Import it in parts.");
            rows.Add(row);
        }
    }

    /// <summary>Whether a cell of the column <c>consent</c> records one.</summary>
    public static bool IsConsent(string cell) => !No.Contains(cell.Trim());

    /// <summary>It says that there is a consent, and not how it was given.</summary>
    public static bool IsBareYes(string cell) => Yes.Contains(cell.Trim());

    private static ImportRow RowOf(SepReader.Row cells, int[] places, int line)
    {
        var (number, name, photo, consent) = (Cell(cells, places[0]), Cell(cells, places[1]), Cell(cells, places[2]), Cell(cells, places[3]));
        var lookalikes = Cell(cells, places[4]).Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
        var fault = PersonRules.FaultOfNumber(number) ?? PersonRules.FaultOfName(name) ?? (IsConsent(consent) ? PersonRules.FaultOfConsent(consent) : null)
            ?? (lookalikes.Select(PersonRules.FaultOfNumber).FirstOrDefault(found => found is not null) is { } wrong ? $"column lookalike: {wrong}" : null);
        if (cells.ColCount <= places[..2].Max())
            fault = $"this line has {cells.ColCount} columns, too few for number and name";
        return new ImportRow(line, Short(number), Short(name), Short(photo), Short(consent), fault is null ? lookalikes : [], fault);
    }

    /// <summary>With its number, as far as that can be made out: what comes behind a slip is anything.</summary>
    private static ImportRow Unreadable(ReadOnlyMemory<char> text, char separator, int[] places, int line, string fault)
    {
        var begin = text.Span[..Math.Min(text.Length, CellLength)].ToString().Split(separator);
        return new ImportRow(line, places[0] < begin.Length ? begin[places[0]].Trim(' ', '\t', '"', '\r', '\n') : "", "", "", "", [], fault);
    }

    /// <summary>One number is one person: a second row of it may bring another photo, not another name, or the name would change with each import.</summary>
    private static ImportRow Checked(ImportRow row, Dictionary<string, ImportRow> firsts)
    {
        if (row.Fault is not null || firsts.TryAdd(row.Number, row) || firsts[row.Number].Name == row.Name)
            return row;
        return row with { Fault = $"number {row.Number} has another name on line {firsts[row.Number].Line}" };
    }

    private static string Cell(SepReader.Row cells, int place) => place >= 0 && place < cells.ColCount ? cells[place].Span.Trim().ToString() : "";

    // A cell that swallowed the rest of a file is not handed around.
    private static string Short(string cell) => cell.Length <= CellLength ? cell : cell[..CellLength];

    private static bool IsEmpty(SepReader.Row cells)
    {
        for (var at = 0; at < cells.ColCount; at++)
        {
            if (!cells[at].Span.IsWhiteSpace())
                return false;
        }

        return true;
    }

    private static int[] PlacesOf(SepReader.Row head)
    {
        var places = new int[Columns.Length];
        Array.Fill(places, -1);
        for (var at = 0; at < head.ColCount; at++)
        {
            var column = Array.IndexOf(Columns, head[at].Span.Trim().ToString().ToLowerInvariant());
            if (column < 0)
                continue;
            if (places[column] >= 0)
                throw new PeopleImportException($"The table has two columns named '{Columns[column]}'.");
            places[column] = at;
        }

        return places[0] >= 0 && places[1] >= 0
            ? places
            : throw new PeopleImportException($"The table has no column '{Columns[places[0] < 0 ? 0 : 1]}'. Its first line has to be: number,name,photo,consent");
    }

    private static char SeparatorOf(string text)
    {
        var head = text.AsSpan(0, text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? end : text.Length);
        return head.Contains(',') ? ',' : head.Contains(';') ? ';' : head.Contains('\t') ? '\t' : ',';
    }
}
