namespace MediaScore.Assessment.Plans;

/// <summary>Reads <c>competencies</c> with their anchors.</summary>
internal sealed class CompetencyReader(PlanFieldReader reader, IReadOnlyList<string> languages)
{
    private const int MaxCompetencies = 20;
    private const int LevelCount = 5;
    private const int MaxExamples = 5;

    // Content makes at least 80 % of a rating.
    private const double MaxDeliveryShare = 0.2;

    private static readonly string[] CompetencyFields = ["id", "name", "definition", "weight", "deliveryShare", "anchors"];
    private static readonly string[] AnchorFields = ["level", "text", "examples"];

    public IReadOnlyList<Competency> Read(YamlTree? node)
    {
        var competencies = new List<Competency>();
        foreach (var (index, item) in reader.List(node, "competencies", 1, MaxCompetencies).Index())
        {
            var path = $"competencies[{index}]";
            if (reader.Fields(item, path, CompetencyFields) is not { } fields)
                continue;
            var id = reader.Id(fields, path);
            if (id is not null && competencies.Any(c => c.Id == id))
            {
                reader.Fault($"{path}.id", item.Line, $"A second competency is called '{id}'. Give it another id.");
                id = null;
            }

            var name = reader.Localized(reader.Required(fields, path, "name"), $"{path}.name", languages);
            var definition = reader.Localized(reader.Required(fields, path, "definition"), $"{path}.definition", languages);
            var weight = fields.Find("weight") is { } w ? reader.Number(w, $"{path}.weight", 0, 100, above: true) : 1;
            var delivery = fields.Find("deliveryShare") is { } d ? reader.Number(d, $"{path}.deliveryShare", 0, MaxDeliveryShare) : 0;
            var anchors = ReadAnchors(reader.Required(fields, path, "anchors"), $"{path}.anchors");
            if (id is not null)
                competencies.Add(new Competency(id, name ?? Missing, definition ?? Missing, weight ?? 1, delivery ?? 0, anchors));
        }

        return competencies;
    }

    /// <summary>Stands in while reading goes on to find further faults; a plan with a fault is never handed out.</summary>
    public static LocalizedText Missing { get; } = new(new Dictionary<string, string>());

    private List<BehaviouralAnchor> ReadAnchors(YamlTree? node, string path)
    {
        if (node is null)
            return [];
        var anchors = new SortedDictionary<int, BehaviouralAnchor>();
        var items = reader.List(node, path, 0, LevelCount * 2);
        foreach (var (index, item) in items.Index())
        {
            var itemPath = $"{path}[{index}]";
            if (reader.Fields(item, itemPath, AnchorFields) is not { } fields)
                continue;
            var level = reader.WholeNumber(reader.Required(fields, itemPath, "level"), $"{itemPath}.level", 1, LevelCount);
            var text = reader.Localized(reader.Required(fields, itemPath, "text"), $"{itemPath}.text", languages);
            var examples = ReadExamples(fields.Find("examples"), $"{itemPath}.examples");
            if (level is { } known && !anchors.TryAdd(known, new BehaviouralAnchor(known, text ?? Missing, examples)))
                reader.Fault($"{itemPath}.level", item.Line, $"Level {known} is described for the second time. Keep one, and put other wordings under its examples.");
        }

        if (node is YamlList)
        {
            var missing = Enumerable.Range(1, LevelCount).Where(level => !anchors.ContainsKey(level)).ToArray();
            if (missing.Length > 0)
                reader.Fault(path, node.Line, $"Level {string.Join(", ", missing)} has no anchor. Describe the behaviour on each of the five levels.");
        }

        return [.. anchors.Values];
    }

    private List<LocalizedText> ReadExamples(YamlTree? node, string path) =>
        [.. reader.List(node, path, 0, MaxExamples).Index().Select(item => reader.Localized(item.Item, $"{path}[{item.Index}]", languages)).OfType<LocalizedText>()];
}
