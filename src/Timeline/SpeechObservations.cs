using System.Text.Json.Serialization;

namespace MediaScore.Timeline;

/// <summary>One utterance as the voice-activity detector cut it.</summary>
/// <param name="Cut">Why it ended.</param>
public sealed record SpeechSegment(MediaRange Range, UtteranceCut Cut) : Observation(Range);

/// <summary>Why an utterance ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UtteranceCut>))]
public enum UtteranceCut { Silence, LengthLimit, StageEnd, MediaGap, EndOfMedia }

/// <summary>Can this stretch of sound be judged at all?</summary>
/// <param name="SnrDb">Speech level above the noise floor, dB.</param>
/// <param name="LevelDbfs">Active speech level, dB relative to full scale (0 = loudest sine that fits is -3).</param>
/// <param name="ClippedShare">Share of samples at the rails, 0 to 1.</param>
/// <param name="MusicLikelihood">0 = speech or nothing, 1 = sustained pitched sound.</param>
/// <param name="Verdict">What a scorer may do with it.</param>
public sealed record AudioQuality(MediaRange Range, double SnrDb, double LevelDbfs, double ClippedShare, double MusicLikelihood, QualityVerdict Verdict)
    : Observation(Range);

/// <summary>Good enough to judge, to judge with care, or not at all.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QualityVerdict>))]
public enum QualityVerdict { Good, Poor, Unusable }

/// <summary>What was said in one utterance.</summary>
/// <param name="Language">BCP 47.</param>
/// <param name="Text">With punctuation and capitals as the model wrote them; empty where nothing certain was heard.</param>
/// <param name="Words">In order. Times are estimated inside the utterance (the recogniser gives none).</param>
/// <param name="MeanLogProbability">Mean natural log of the chosen tokens' probabilities.</param>
/// <param name="Rejected">Why the text was withheld (<c>repetition</c>, <c>low-confidence</c>, <c>music</c>, ...); null where it was not.</param>
/// <remarks>An utterance has one that was made live, and may have a refined one beside it; <see cref="StandingTranscripts"/> chooses.</remarks>
public sealed record UtteranceTranscript(
    MediaRange Range, string Language, string Text, IReadOnlyList<TimedWord> Words, double MeanLogProbability, string? Rejected = null) : Observation(Range)
{
    /// <summary>Heard again by a larger recogniser after the interview. Left out where false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Refined { get; init; }

    public bool Equals(UtteranceTranscript? other) =>
        other is not null && Range == other.Range && Refined == other.Refined && Model == other.Model && Confidence == other.Confidence && Language == other.Language && Text == other.Text
        && MeanLogProbability.Equals(other.MeanLogProbability) && Rejected == other.Rejected && Words.SequenceEqual(other.Words);

    public override int GetHashCode() => HashCode.Combine(Range, Text);
}

/// <summary>One word and when it was said.</summary>
public readonly record struct TimedWord(string Text, MediaRange Range);

/// <summary>How one utterance was said.</summary>
/// <param name="PitchHz">Median fundamental frequency of voiced frames; null where fewer than 5 frames were voiced.</param>
/// <param name="PitchRangeSemitones">Distance of the 10th and 90th percentile of pitch.</param>
/// <param name="LoudnessDbfs">Mean level of voiced frames.</param>
/// <param name="PauseBefore">Silence since the utterance before, within the same answer.</param>
/// <param name="InnerPauseShare">Share of the utterance that is pause of 200 ms and more.</param>
/// <param name="SyllablesPerSecond">Syllable nuclei a second of sound, pauses left out.</param>
/// <param name="RelativeRate">
/// Written by earlier versions only, and read by nobody: the rate divided by the median of what had been answered by then, which depended on load. Whoever compares takes
/// <paramref name="SyllablesPerSecond"/> of the whole timeline.
/// </param>
/// <param name="FillerCount">Fillers in the transcript made live (um, uh, er, ...), 0 without one.</param>
/// <param name="WordCount">Words in that transcript, fillers left out.</param>
public sealed record UtteranceProsody(
    MediaRange Range, double? PitchHz, double? PitchRangeSemitones, double LoudnessDbfs, TimeSpan PauseBefore, double InnerPauseShare,
    double SyllablesPerSecond, double? RelativeRate, int FillerCount, int WordCount) : Observation(Range);
