namespace MediaScore.Timeline;

/// <summary>How near one sentence of an answer is to one behavioural anchor of the plan.</summary>
/// <param name="QuestionId">The question answered.</param>
/// <param name="CompetencyId">The competency the anchor belongs to.</param>
/// <param name="Level">The anchor's level, 1 (weak) to 5 (outstanding); 0 = the question's own text (is the answer on the topic?).</param>
/// <param name="SentenceIndex">Which sentence of the answer, from 0 (<see cref="AnswerText"/> cuts sentences).</param>
/// <param name="Cosine">Cosine similarity of the sentence embeddings, -1 to 1.</param>
public sealed record AnchorSimilarity(MediaRange Range, string QuestionId, int Attempt, string CompetencyId, int Level, int SentenceIndex, double Cosine)
    : Observation(Range)
{
    /// <summary>Of the sentence's text (<see cref="AnswerSentence.ComputeHash"/>): whether it still stands. Null in timelines of earlier versions.</summary>
    public string? SentenceHash { get; init; }
}

/// <summary>What a model that rates (an encoder head, a chat model) said of one answer.</summary>
/// <param name="Rating">1 to 5, or null where it declined.</param>
/// <param name="Rationale">In the rater's words.</param>
public sealed record RaterOpinion(MediaRange Range, string QuestionId, int Attempt, string CompetencyId, double? Rating, string Rationale) : Observation(Range);
