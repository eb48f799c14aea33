using MediaScore.Assessment.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Scoring;

/// <summary>Everything observed about one answer, for one competency; all lists in canonical order.</summary>
/// <param name="Attempt">The take that counts; 0 where the question was not answered.</param>
/// <param name="Range">The answer; empty at zero where there is none.</param>
/// <param name="Language">The interview's, BCP 47.</param>
/// <param name="Sentences">As <see cref="AnswerText"/> cuts them.</param>
/// <param name="Similarities">Of these sentences with this competency (levels 1 to 5) and with the question's own text (level 0).</param>
/// <param name="UsualSyllablesPerSecond">The speaker's median over the whole interview; null where too little was heard to tell.</param>
/// <param name="Opinions">Of models that rate, for this competency.</param>
/// <param name="NotAnalysed">Those that overlap the answer.</param>
public sealed record AnswerEvidence(
    PlanQuestion Question, Competency Competency, AnswerMode Mode, int Attempt, MediaRange Range, string Language, Modality Permitted,
    IReadOnlyList<AnswerSentence> Sentences,
    IReadOnlyList<AnchorSimilarity> Similarities,
    IReadOnlyList<SpeechSegment> Speech,
    IReadOnlyList<UtteranceTranscript> Transcripts,
    IReadOnlyList<UtteranceProsody> Prosody,
    double? UsualSyllablesPerSecond,
    IReadOnlyList<AudioQuality> AudioQuality,
    IReadOnlyList<RaterOpinion> Opinions,
    IReadOnlyList<NotAnalysed> NotAnalysed);
