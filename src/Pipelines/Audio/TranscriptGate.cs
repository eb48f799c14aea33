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

    // Mean over the windows from the first to the last speech window. The lowest of true utterances (digits with long pauses) was 0.55; of played notes 0.37.
    private const double LeastSpeechProbability = 0.45;

    // The lowest mean of 120 true utterances was -0.63; the limits leave room for accents and bad lines, less of it where the sound itself is doubtful.
    private const double LeastMeanLogProbability = -1.2;
    private const double LeastMeanLogProbabilityOfPoorSound = -0.9;
    private const double LeastMeanLogProbabilityInNoise = -0.7;
    private const double LeastMeanLogProbabilityAtTokenLimit = -0.5;

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
        return MeanSpeechProbability(span) < LeastSpeechProbability ? NoSpeech : null;
    }

    /// <summary>Looks at what the recogniser wrote.</summary>
    /// <returns>Why it must be withheld, or null.</returns>
    public static string? RejectText(UtteranceSpan span, AudioQuality quality, RecognizedSpeech speech)
    {
        if (!speech.Text.Any(char.IsLetterOrDigit))
            return NoWords;
        if (speech.Repetition.IsLoop)
            return Repetition;

        // A fast "two nine three four zero" reaches the limit too, but surely.
        if (speech.HitTokenLimit && speech.MeanLogProbability < LeastMeanLogProbabilityAtTokenLimit)
            return TokenLimit;

        // Low SNR alone withholds nothing: a loud cough between two clear sentences is noise too.
        if (quality.SnrDb < QualityGate.UnusableSnrDb && speech.MeanLogProbability < LeastMeanLogProbabilityInNoise)
            return Noise;
        if (speech.MeanLogProbability < (quality.Verdict == QualityVerdict.Good ? LeastMeanLogProbability : LeastMeanLogProbabilityOfPoorSound))
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
