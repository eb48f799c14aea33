using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MediaScore.Assessment.Plans;

/// <summary>
/// Reads the plain part of YAML that a plan needs. Anchors and aliases are refused, so no document grows beyond its own bytes ("billion laughs").
/// </summary>
internal sealed class YamlTreeReader
{
    // A plan is seven levels deep (stages, item, questions, item, competencies, item, field); more is no plan.
    private const int MaxDepth = 12;

    private readonly Parser _parser;
    private readonly List<PlanError> _errors;

    private YamlTreeReader(string yaml, List<PlanError> errors)
    {
        _parser = new Parser(new StringReader(yaml));
        _errors = errors;
    }

    /// <summary>The document's tree; null when it is no YAML or empty. Faults that leave a tree (a repeated key) go to <paramref name="errors"/> all the same.</summary>
    public static YamlTree? Read(string yaml, List<PlanError> errors)
    {
        try
        {
            return new YamlTreeReader(yaml, errors).ReadDocument();
        }
        catch (PlanUnreadableException refused)
        {
            errors.Add(new PlanError(refused.Path, refused.Line, refused.Message));
        }
        catch (YamlException broken)
        {
            errors.Add(new PlanError("", Math.Max(1, (int)broken.Start.Line), $"Not valid YAML: {broken.Message} Check indentation, colons and quotes near this line."));
        }

        return null;
    }

    private YamlTree? ReadDocument()
    {
        Advance();
        while (_parser.Current is StreamStart or DocumentStart)
            Advance();
        if (_parser.Current is null or StreamEnd)
        {
            _errors.Add(new PlanError("", 1, "The document is empty. Start from plans/store-manager.yaml."));
            return null;
        }

        var root = ReadNode("", 0);
        while (_parser.Current is DocumentEnd)
            Advance();

        if (_parser.Current is DocumentStart second)
            _errors.Add(new PlanError("", Line(second), "A second YAML document begins here. One file is one plan: remove the '---'."));
        return root;
    }

    private YamlTree ReadNode(string path, int depth)
    {
        var current = _parser.Current!;
        var line = Line(current);
        if (depth > MaxDepth)
            throw new PlanUnreadableException(path, line, $"Nested deeper than {MaxDepth} levels. No part of a plan is.");
        if (current is AnchorAlias || (current is NodeEvent { Anchor.IsEmpty: false }))
            throw new PlanUnreadableException(path, line, "YAML anchors and aliases (& and *) are not supported in a plan. Write the text out.");
        if (current is NodeEvent { Tag: { IsEmpty: false } tag } && current is not Scalar { IsQuotedImplicit: true })
            throw new PlanUnreadableException(path, line, $"YAML tags are not supported in a plan. Remove '{tag.Value}'.");

        switch (current)
        {
            case Scalar scalar:
                Advance();
                return new YamlText(line, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any));
            case SequenceStart:
                return ReadList(path, line, depth);
            case MappingStart:
                return ReadFields(path, line, depth);
            default:
                throw new PlanUnreadableException(path, line, "Something other than a value stands here. Write a text, a list or fields.");
        }
    }

    private YamlList ReadList(string path, int line, int depth)
    {
        var items = new List<YamlTree>();
        Advance();
        while (_parser.Current is not SequenceEnd)
            items.Add(ReadNode(string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]"), depth + 1));
        Advance();
        return new YamlList(line, items);
    }

    private YamlFields ReadFields(string path, int line, int depth)
    {
        var fields = new List<YamlField>();
        var lines = new Dictionary<string, int>();
        Advance();
        while (_parser.Current is not MappingEnd)
        {
            if (ReadNode(path, depth + 1) is not YamlText name)
                throw new PlanUnreadableException(path, line, "A field's name must be a plain text.");
            var fieldPath = path.Length == 0 ? name.Value : $"{path}.{name.Value}";
            var value = ReadNode(fieldPath, depth + 1);
            if (lines.TryAdd(name.Value, name.Line))
                fields.Add(new YamlField(name.Value, name.Line, value));
            else
                _errors.Add(new PlanError(fieldPath, name.Line, $"'{name.Value}' stands here for the second time (first on line {lines[name.Value]}). Keep one."));
        }

        Advance();
        return new YamlFields(line, fields);
    }

    /// <summary>YamlDotNet's scanner answers some broken flow sequences with other exceptions than its own; to a plan's author they are all the same.</summary>
    private void Advance()
    {
        try
        {
            _parser.MoveNext();
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            throw new YamlException(_parser.Current?.End ?? Mark.Empty, _parser.Current?.End ?? Mark.Empty, "a value, bracket or quote is not closed here.", fault);
        }
    }

    private static int Line(ParsingEvent current) => Math.Max(1, (int)current.Start.Line);

    /// <summary>The document cannot be read on; never leaves this class.</summary>
    private sealed class PlanUnreadableException(string path, int line, string message) : Exception(message)
    {
        public string Path { get; } = path;

        public int Line { get; } = line;
    }
}
