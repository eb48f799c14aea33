using MediaScore.Perception.Speech;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>Decides whether text may be believed: an attention decoder writes sentences for music and noise too. Words of <see cref="UtteranceTranscript.Rejected"/>. Pure.</summary>
internal static class TranscriptGate
{
    public const string Music = "music";
    public const string Noise = "noise";
    public const string TooQuiet = "too-quiet";
    public const string Clipped = "clipped";
    public const string NoSpeech = "no-speech";
    public const string NoWords = "no-words";
    public const string Repetition = "repetition";
    public const string TokenLimit = "token-limit";
    public const string TooFewTokens = "too-few-tokens";
    public const string LowConfidence = "low-confidence";

    // Mean over the windows from the first to the last speech window.
    private const double LeastSpeechProbability = 0.55;

    private const double LeastMeanLogProbability = -1.2;

    // A slow speaker says two words (three tokens) a second of speech; one token in three seconds is no answer to that sound.
    private const double LeastTokensPerSpeechSecond = 0.33;

    /// <summary>Looks at the sound alone, before a recogniser is asked.</summary>
    /// <returns>Why not, or null.</returns>
    public static string? RejectSound(UtteranceSpan span, AudioQuality quality)
    {
        if (quality.MusicLikelihood > QualityGate.UnusableMusicLikelihood)
            return Music;
        if (quality.LevelDbfs < QualityGate.UnusableLevelDbfs)
            return TooQuiet;
        if (quality.ClippedShare > QualityGate.UnusableClippedShare)
            return Clipped;
        if (quality.Verdict == QualityVerdict.Unusable)
            return Noise;
        return MeanSpeechProbability(span) < LeastSpeechProbability ? NoSpeech : null;
    }

    /// <summary>Looks at what the recogniser wrote.</summary>
    /// <returns>Why it must be withheld, or null.</returns>
    public static string? RejectText(UtteranceSpan span, RecognizedSpeech speech)
    {
        if (!speech.Text.Any(char.IsLetterOrDigit))
            return NoWords;
        if (speech.Repetition.IsLoop)
            return Repetition;
        if (speech.HitTokenLimit)
            return TokenLimit;
        if (speech.MeanLogProbability < LeastMeanLogProbability)
            return LowConfidence;
        var speechSeconds = span.Windows.Count(window => window.Probability >= LeastSpeechProbability) * SoundWindow.SampleCount / (double)SoundWindow.SampleRate;
        return speech.Tokens.Count < speechSeconds * LeastTokensPerSpeechSecond ? TooFewTokens : null;
    }

    /// <summary>Mean over the windows from the first to the last speech window, 0 to 1.</summary>
    public static double MeanSpeechProbability(UtteranceSpan span)
    {
        double sum = 0;
        var count = 0;
        for (var i = 0; i < span.Windows.Count; i++)
        {
            var start = span.FirstWindowStart + (long)i * SoundWindow.SampleCount;
            if (start < span.VoicedStart || start >= span.VoicedEnd)
                continue;
            sum += span.Windows[i].Probability;
            count++;
        }

        return count == 0 ? 0 : sum / count;
    }
}
