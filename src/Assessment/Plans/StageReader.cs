namespace MediaScore.Assessment.Plans;

/// <summary>Reads <c>stages</c> and puts them into playing order.</summary>
internal sealed class StageReader(PlanFieldReader reader, IReadOnlyList<string> languages, IReadOnlyList<string> competencyIds)
{
    /// <summary>Written as <c>next: end</c>: the interview is over after this stage.</summary>
    public const string End = "end";

    private const int MaxStages = 20;
    private const int MaxCompetenciesAQuestion = 5;

    private static readonly string[] StageFields = ["id", "title", "mode", "next", "questions"];
    private static readonly string[] QuestionFields = ["id", "text", "timeLimitSeconds", "rerecords", "competencies"];
    private static readonly string[] WeightFields = ["id", "weight"];
    private static readonly string[] Modes = ["video", "voice", "text"];

    private readonly HashSet<string> _questionIds = [];
    private int _questionCount;

    public IReadOnlyList<PlanStage> Read(YamlTree? node)
    {
        var stages = new List<StageOrder.Entry>();
        foreach (var (index, item) in reader.List(node, "stages", 1, MaxStages).Index())
        {
            var path = $"stages[{index}]";
            if (reader.Fields(item, path, StageFields) is not { } fields)
                continue;
            var id = reader.Id(fields, path);
            if (id == End)
            {
                reader.Fault($"{path}.id", item.Line, "No stage can be called 'end': as 'next' it means that the interview is over. Give it another id.");
                id = null;
            }
            else if (id is not null && stages.Any(s => s.Stage.Id == id))
            {
                reader.Fault($"{path}.id", item.Line, $"A second stage is called '{id}'. Give it another id.");
                id = null;
            }

            var title = reader.Localized(reader.Required(fields, path, "title"), $"{path}.title", languages);
            var mode = ReadMode(reader.Required(fields, path, "mode"), $"{path}.mode");
            var next = fields.Find("next") is { } n ? reader.IdOf(n, $"{path}.next") : null;
            var questions = ReadQuestions(reader.Required(fields, path, "questions"), $"{path}.questions");
            var stage = new PlanStage(id ?? "", title ?? CompetencyReader.Missing, mode, next, questions);
            stages.Add(new StageOrder.Entry(stage, path, fields.Line, fields.Find("next")?.Line ?? fields.Line));
        }

        if (_questionCount > PlanParser.MaxQuestions)
            reader.Fault("stages", node!.Line, $"The plan has {_questionCount} questions; at most {PlanParser.MaxQuestions} are allowed.");
        return StageOrder.Resolve(stages, reader);
    }

    private AnswerMode ReadMode(YamlTree? node, string path)
    {
        if (reader.Text(node, path) is { } text && !Modes.Contains(text))
            reader.Fault(path, node!.Line, $"'{PlanFieldReader.Shorten(text)}' is no mode.{NearestName.Suggest(text, Modes)} Write video, voice or text.");
        return node is YamlText { Value: "voice" } ? AnswerMode.Voice : node is YamlText { Value: "text" } ? AnswerMode.Text : AnswerMode.Video;
    }

    private List<PlanQuestion> ReadQuestions(YamlTree? node, string path)
    {
        var questions = new List<PlanQuestion>();
        _questionCount += (node as YamlList)?.Items.Count ?? 0;
        foreach (var (index, item) in reader.List(node, path, 1, PlanParser.MaxQuestions).Index())
        {
            var itemPath = $"{path}[{index}]";
            if (reader.Fields(item, itemPath, QuestionFields) is not { } fields)
                continue;
            var id = reader.Id(fields, itemPath);
            if (id is not null && !_questionIds.Add(id))
                reader.Fault($"{itemPath}.id", item.Line, $"A second question is called '{id}'. Question ids are unique in the whole plan: give it another one.");
            var text = reader.Localized(reader.Required(fields, itemPath, "text"), $"{itemPath}.text", languages);
            var limit = reader.WholeNumber(reader.Required(fields, itemPath, "timeLimitSeconds"), $"{itemPath}.timeLimitSeconds", 10, 3600);
            var rerecords = fields.Find("rerecords") is { } r ? reader.WholeNumber(r, $"{itemPath}.rerecords", 0, 5) : 0;
            var competencies = ReadWeights(reader.Required(fields, itemPath, "competencies"), $"{itemPath}.competencies");
            questions.Add(new PlanQuestion(id ?? "", text ?? CompetencyReader.Missing, TimeSpan.FromSeconds(limit ?? 10), rerecords ?? 0, competencies));
        }

        return questions;
    }

    /// <summary>Each item is a competency's id, or its id and weight.</summary>
    private List<QuestionCompetency> ReadWeights(YamlTree? node, string path)
    {
        var weights = new List<QuestionCompetency>();
        foreach (var (index, item) in reader.List(node, path, 1, MaxCompetenciesAQuestion).Index())
        {
            var itemPath = $"{path}[{index}]";
            var fields = item is YamlFields ? reader.Fields(item, itemPath, WeightFields) : null;
            var id = fields is null ? reader.IdOf(item, itemPath) : reader.Id(fields, itemPath);
            var weight = fields?.Find("weight") is { } w ? reader.Number(w, $"{itemPath}.weight", 0, 100, above: true) : 1;
            if (id is null)
                continue;
            if (!competencyIds.Contains(id))
                reader.Fault(itemPath, item.Line, $"There is no competency '{id}'.{NearestName.Suggest(id, competencyIds)} Describe it under competencies.");
            else if (weights.Any(c => c.CompetencyId == id))
                reader.Fault(itemPath, item.Line, $"'{id}' stands here for the second time. Keep one.");
            else
                weights.Add(new QuestionCompetency(id, weight ?? 1));
        }

        return weights;
    }
}
