using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>What was heard in one utterance, before it takes its place in the order.</summary>
/// <param name="Span">The utterance.</param>
/// <param name="Quality">Always.</param>
/// <param name="Transcript">Null where none is permitted or possible.</param>
/// <param name="Fault">What went wrong with the recogniser.</param>
/// <param name="IsSpoken">It is believed to be speech. What is not has no way of speaking either.</param>
internal sealed record UtteranceFindings(UtteranceSpan Span, AudioQuality Quality, UtteranceTranscript? Transcript, AnalysisFault? Fault, bool IsSpoken);
