using System.Globalization;
using System.Text.RegularExpressions;

namespace MediaScore.Assessment.Plans;

/// <summary>Takes typed values out of a YAML tree; what does not fit is noted with path and line, and reading goes on.</summary>
internal sealed partial class PlanFieldReader(List<PlanError> errors)
{
    // A question or an anchor is a few sentences; the encoder reads at most 256 word pieces.
    private const int MaxTextCharacters = 2_000;

    public void Fault(string path, int line, string message) => errors.Add(new PlanError(path, line, message));

    /// <summary>The fields of a node, unknown ones noted; null (and noted) where it has none.</summary>
    public YamlFields? Fields(YamlTree? node, string path, params ReadOnlySpan<string> known)
    {
        if (node is null)
            return null;
        if (node is not YamlFields fields)
        {
            Fault(path, node.Line, $"Must have fields ({string.Join(", ", known!)}), not {Kind(node)}.");
            return null;
        }

        var names = known.ToArray();
        foreach (var field in fields.Fields.Where(f => !names.Contains(f.Name)))
            Fault(Join(path, field.Name), field.Line, $"Unknown field '{field.Name}'.{NearestName.Suggest(field.Name, names)} Known here: {string.Join(", ", names)}.");
        return fields;
    }

    /// <summary>The value of a field; noted where it is absent.</summary>
    public YamlTree? Required(YamlFields fields, string path, string name)
    {
        var value = fields.Find(name);
        if (value is null)
            Fault(Join(path, name), fields.Line, $"'{name}' is missing. Add it.");
        return value;
    }

    public IReadOnlyList<YamlTree> List(YamlTree? node, string path, int min, int max)
    {
        if (node is null)
            return [];
        if (node is not YamlList list)
        {
            Fault(path, node.Line, $"Must be a list, not {Kind(node)}. Begin each item with '- '.");
            return [];
        }

        if (list.Items.Count < min || list.Items.Count > max)
            Fault(path, list.Line, $"Has {list.Items.Count} items; {(min == max ? $"exactly {min}" : $"{min} to {max}")} are allowed.");
        return list.Items.Count > max ? [.. list.Items.Take(max)] : list.Items;
    }

    /// <summary>An id, 1 to 64 of <c>[a-z0-9-]</c>; null where it is none.</summary>
    public string? Id(YamlFields fields, string path, string name = "id") => IdOf(Required(fields, path, name), Join(path, name));

    public string? IdOf(YamlTree? node, string path)
    {
        if (node is null || Text(node, path) is not { } text)
            return null;
        if (IdPattern().IsMatch(text))
            return text;
        Fault(path, node.Line, $"'{Shorten(text)}' is no id. Use 1 to 64 small letters, digits and hyphens, beginning with a letter.");
        return null;
    }

    public string? Text(YamlTree? node, string path)
    {
        switch (node)
        {
            case null:
                return null;
            case YamlText { Value: var value } text when string.IsNullOrWhiteSpace(value) || (!text.Quoted && value is "~" or "null"):
                Fault(path, node.Line, "Is empty. Write a text or remove the field.");
                return null;
            case YamlText { Value.Length: > MaxTextCharacters and var length }:
                Fault(path, node.Line, $"Has {length} characters; at most {MaxTextCharacters} are allowed.");
                return null;
            case YamlText text:
                return text.Value.Trim();
            default:
                Fault(path, node.Line, $"Must be a text, not {Kind(node)}.");
                return null;
        }
    }

    public int? WholeNumber(YamlTree? node, string path, int min, int max) =>
        Number(node, path, min, max, "a whole number", text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null) is { } number
            ? (int)number
            : null;

    /// <param name="above">True: <paramref name="min"/> itself is not allowed.</param>
    public double? Number(YamlTree? node, string path, double min, double max, bool above = false)
    {
        var number = Number(node, path, min, max, "a number", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : null);
        if (!above || number is null || number > min)
            return number;
        Fault(path, node!.Line, $"Is {number}; it must be above {min}.");
        return null;
    }

    private double? Number(YamlTree? node, string path, double min, double max, string what, Func<string, double?> parse)
    {
        if (node is null || Text(node, path) is not { } text)
            return null;
        if (node is YamlText { Quoted: true } || parse(text) is not { } number)
        {
            Fault(path, node.Line, $"'{Shorten(text)}' is not {what}. Write one from {min} to {max}, without quotes.");
            return null;
        }

        if (number >= min && number <= max)
            return number;
        Fault(path, node.Line, $"Is {text}; allowed are {min} to {max}.");
        return null;
    }

    /// <summary>A text in every language of the plan.</summary>
    public LocalizedText? Localized(YamlTree? node, string path, IReadOnlyList<string> languages)
    {
        if (node is null)
            return null;
        if (node is not YamlFields fields)
        {
            Fault(path, node.Line, $"Must have one text a language ({string.Join(", ", languages)}), not {Kind(node)}: write '{languages[0]}: ...' on a line of its own.");
            return null;
        }

        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in fields.Fields)
        {
            if (!languages.Contains(field.Name))
                Fault(Join(path, field.Name), field.Line, $"'{field.Name}' is not among the plan's languages ({string.Join(", ", languages)}). Add it there or remove the text.");
            else if (Text(field.Value, Join(path, field.Name)) is { } text)
                texts[field.Name] = text;
        }

        foreach (var language in languages.Where(l => fields.Find(l) is null))
            Fault(Join(path, language), fields.Line, $"The text in '{language}' is missing. Every text exists in each of the plan's languages.");
        return texts.Count == languages.Count ? new LocalizedText(texts) : null;
    }

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    public static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static string Kind(YamlTree node) => node switch
    {
        YamlText => "a text",
        YamlList => "a list",
        _ => "fields",
    };

    [GeneratedRegex("^[a-z][a-z0-9-]{0,63}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern();
}
