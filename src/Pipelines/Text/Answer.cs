using MediaScore.Timeline;

namespace MediaScore.Pipelines.Text;

/// <summary>One answer and what it is compared with.</summary>
/// <param name="QuestionId">The question answered.</param>
/// <param name="Attempt">1 for the first take.</param>
/// <param name="Range">From the answer's first to its last moment.</param>
/// <param name="Sentences">As <see cref="AnswerText"/> cuts them, spoken or written.</param>
/// <param name="Anchors">Several texts of one competency and level are one anchor in other words: the nearest counts.</param>
public sealed record Answer(
    string QuestionId, int Attempt, MediaRange Range, IReadOnlyList<AnswerSentence> Sentences, IReadOnlyList<AnchorText> Anchors);
