namespace MediaScore.Assessment.Plans;

/// <summary>What is asked, how it may be answered and by which behaviour an answer is rated. Immutable; made by <see cref="PlanParser"/>.</summary>
/// <param name="Id">1 to 64 characters of <c>[a-z0-9-]</c>.</param>
/// <param name="Version">From 1; counted up by the plan's author with each change that matters to scores.</param>
/// <param name="Languages">BCP 47 primary subtags; every text exists in each of them. The first is the default.</param>
/// <param name="Stages">In the order in which they are played (<c>next</c> resolved).</param>
/// <param name="Competencies">In the order of the file.</param>
public sealed record InterviewPlan(
    string Id, int Version, LocalizedText Title, IReadOnlyList<string> Languages, IReadOnlyList<PlanStage> Stages, IReadOnlyList<Competency> Competencies)
{
    /// <summary>All questions in playing order, each with its stage.</summary>
    public IEnumerable<(PlanStage Stage, PlanQuestion Question)> Questions => Stages.SelectMany(stage => stage.Questions.Select(question => (stage, question)));

    public PlanStage? FindStage(string stageId) => Stages.FirstOrDefault(s => s.Id == stageId);

    /// <summary>Question ids are unique in the whole plan.</summary>
    public PlanQuestion? FindQuestion(string questionId) => Stages.SelectMany(s => s.Questions).FirstOrDefault(q => q.Id == questionId);

    public Competency? FindCompetency(string competencyId) => Competencies.FirstOrDefault(c => c.Id == competencyId);

    /// <summary>
    /// What the sentence encoder compares an answer with: the question's own text (level 0, competency id empty), then per competency and level the anchor and
    /// its examples. Several texts may share competency and level; the rater takes the nearest. Empty where the plan has no texts in <paramref name="language"/>.
    /// </summary>
    public IReadOnlyList<AnchorText> AnchorTexts(string questionId, string language)
    {
        var question = FindQuestion(questionId);
        if (question is null || !question.Text.TryIn(language, out var questionText))
            return [];
        var texts = new List<AnchorText> { new("", 0, questionText) };
        foreach (var weighted in question.Competencies)
        {
            foreach (var anchor in FindCompetency(weighted.CompetencyId)?.Anchors ?? [])
            {
                if (anchor.Text.TryIn(language, out var text))
                    texts.Add(new AnchorText(weighted.CompetencyId, anchor.Level, text));
                foreach (var example in anchor.Examples)
                {
                    if (example.TryIn(language, out var exampleText))
                        texts.Add(new AnchorText(weighted.CompetencyId, anchor.Level, exampleText));
                }
            }
        }

        return texts;
    }
}

/// <summary>One text that answers are compared with.</summary>
/// <param name="CompetencyId">Empty for the question's own text.</param>
/// <param name="Level">1 to 5; 0 = the question's own text.</param>
public sealed record AnchorText(string CompetencyId, int Level, string Text);
