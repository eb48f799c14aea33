using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>What the analysers found in one utterance, before it takes its place in the order.</summary>
/// <param name="Span">The utterance.</param>
/// <param name="Quality">Always.</param>
/// <param name="Transcript">Null where none is permitted or possible.</param>
/// <param name="Prosody">Without <see cref="UtteranceProsody.RelativeRate"/>, which needs the utterances before; null where not permitted or not measurable.</param>
/// <param name="Fault">What went wrong with the recogniser.</param>
internal sealed record UtteranceFindings(
    UtteranceSpan Span, AudioQuality Quality, UtteranceTranscript? Transcript, UtteranceProsody? Prosody, AnalysisFault? Fault)
{
    /// <summary>Length without inner pauses, from rounded values only: a run that knows the observation comes to the same number.</summary>
    public double SoundSeconds => Prosody is null ? 0 : (Span.VoicedEnd - Span.VoicedStart) / (double)SoundWindow.SampleRate * (1 - Prosody.InnerPauseShare);
}
