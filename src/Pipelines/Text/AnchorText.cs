namespace MediaScore.Pipelines.Text;

/// <summary>One behavioural anchor of the plan, as a plain string in the interview's language.</summary>
/// <param name="CompetencyId">The competency it describes.</param>
/// <param name="Level">1 (weak) to 5 (outstanding); 0 = the question's own text.</param>
/// <param name="Text">What a person on that level says or does.</param>
public sealed record AnchorText(string CompetencyId, int Level, string Text);
