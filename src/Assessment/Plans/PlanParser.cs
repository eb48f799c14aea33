using System.Text;
using System.Text.RegularExpressions;

namespace MediaScore.Assessment.Plans;

/// <summary>Reads a plan from YAML (plans/plan.schema.json, docs/formats/plan.md) and names every fault of it at once.</summary>
public static partial class PlanParser
{
    /// <summary>Largest plan, bytes of UTF-8: the largest that <c>CreateInterview</c> takes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Most questions in all stages: two hours of three-minute answers, with room.</summary>
    public const int MaxQuestions = 50;

    private static readonly string[] PlanFields = ["id", "version", "languages", "title", "competencies", "stages"];

    public static PlanParseResult Parse(ReadOnlySpan<byte> yamlUtf8)
    {
        if (yamlUtf8.Length > MaxBytes)
            return TooLarge(yamlUtf8.Length);
        try
        {
            return Parse(StrictUtf8.GetString(yamlUtf8));
        }
        catch (DecoderFallbackException broken)
        {
            return new PlanParseResult(null, [new PlanError("", 1, $"Byte {broken.Index} is not UTF-8. Save the file as UTF-8.")]);
        }
    }

    public static PlanParseResult Parse(string yaml)
    {
        if (Encoding.UTF8.GetByteCount(yaml) is > MaxBytes and var bytes)
            return TooLarge(bytes);
        var errors = new List<PlanError>();
        var tree = YamlTreeReader.Read(yaml.TrimStart('\uFEFF'), errors);
        var plan = tree is null ? null : ReadPlan(tree, new PlanFieldReader(errors));
        return new PlanParseResult(errors.Count == 0 ? plan : null, [.. errors.OrderBy(e => e.Line).ThenBy(e => e.Path, StringComparer.Ordinal)]);
    }

    private static InterviewPlan? ReadPlan(YamlTree tree, PlanFieldReader reader)
    {
        if (reader.Fields(tree, "", PlanFields) is not { } root)
            return null;
        var id = reader.Id(root, "");
        var version = reader.WholeNumber(reader.Required(root, "", "version"), "version", 1, 1_000_000);
        var languages = ReadLanguages(reader.Required(root, "", "languages"), reader);
        if (languages.Count == 0)
            return null;
        var title = reader.Localized(reader.Required(root, "", "title"), "title", languages);
        var competencies = new CompetencyReader(reader, languages).Read(reader.Required(root, "", "competencies"));
        var stages = new StageReader(reader, languages, [.. competencies.Select(c => c.Id)]).Read(reader.Required(root, "", "stages"));
        NoteUnrated(root, competencies, stages, reader);
        return id is null || version is null || title is null ? null : new InterviewPlan(id, version.Value, title, languages, stages, competencies);
    }

    private static List<string> ReadLanguages(YamlTree? node, PlanFieldReader reader)
    {
        var languages = new List<string>();
        foreach (var (index, item) in reader.List(node, "languages", 1, 8).Index())
        {
            var path = $"languages[{index}]";
            if (reader.Text(item, path) is not { } language)
                continue;
            if (!LanguagePattern().IsMatch(language))
                reader.Fault(path, item.Line, $"'{PlanFieldReader.Shorten(language)}' is no language. Write a primary subtag of BCP 47 such as 'en' or 'zh'.");
            else if (languages.Contains(language))
                reader.Fault(path, item.Line, $"'{language}' stands here for the second time. Keep one.");
            else
                languages.Add(language);
        }

        return languages;
    }

    private static void NoteUnrated(YamlFields root, IReadOnlyList<Competency> competencies, IReadOnlyList<PlanStage> stages, PlanFieldReader reader)
    {
        var rated = stages.SelectMany(s => s.Questions).SelectMany(q => q.Competencies).Select(c => c.CompetencyId).ToHashSet();
        if (rated.Count == 0)
            return;
        var items = (root.Find("competencies") as YamlList)?.Items ?? [];
        foreach (var (index, item) in items.Index())
        {
            if (item is YamlFields fields && fields.Find("id") is YamlText { Value: var id } && competencies.Any(c => c.Id == id) && !rated.Contains(id))
                reader.Fault($"competencies[{index}]", item.Line, $"No question shows '{id}'. List it under a question's competencies or remove it.");
        }
    }

    private static PlanParseResult TooLarge(int bytes) =>
        new(null, [new PlanError("", 1, $"The plan has {bytes} bytes; at most {MaxBytes} are allowed. Shorten it.")]);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [GeneratedRegex("^[a-z]{2,3}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LanguagePattern();
}
