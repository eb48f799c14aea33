using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>Says of one utterance whether its sound can be judged at all, from its windows and the background before it. Pure.</summary>
internal static class QualityGate
{
    /// <summary>Below this the voice is hard to follow.</summary>
    // Normal speech into a laptop lies near -25 dBFS; 20 dB less is a person far from the microphone.
    public const double QuietLevelDbfs = -45;

    /// <summary>Below this only fragments are audible over the noise of a 16-bit converter.</summary>
    public const double UnusableLevelDbfs = -65;

    /// <summary>Word errors of recognisers begin to rise below about 10 dB.</summary>
    public const double PoorSnrDb = 10;

    /// <summary>People understand about half of the words at 0 dB; a level measured there is mostly noise.</summary>
    public const double UnusableSnrDb = 0;

    /// <summary>One sample in a hundred at the rails is heard as harshness.</summary>
    public const double PoorClippedShare = 0.01;

    /// <summary>A fifth of all samples at the rails is a square wave.</summary>
    public const double UnusableClippedShare = 0.2;

    /// <summary>A window with more of its power in held tones is tonal.</summary>
    public const double TonalWindowShare = 0.3;

    public const double PoorMusicLikelihood = 0.5;

    public const double UnusableMusicLikelihood = 0.8;

    /// <param name="span">The utterance.</param>
    /// <param name="noisePower">Mean square of the background before it; null: the quietest tenth of the utterance itself.</param>
    /// <param name="onsetProbability">What counts as a speech window.</param>
    public static AudioQuality Judge(UtteranceSpan span, double? noisePower, float onsetProbability)
    {
        double speechPower = 0;
        double tonalPower = 0;
        double power = 0;
        var speechCount = 0;
        long clipped = 0;
        foreach (var window in span.Windows)
        {
            clipped += window.ClippedCount;
            power += window.Power;
            tonalPower += (double)window.Power * window.TonalShare;
            if (window.Probability < onsetProbability)
                continue;
            speechPower += window.Power;
            speechCount++;
        }

        var count = Math.Max(1, span.Windows.Count);
        var level = Decibels.FromPower(speechCount > 0 ? speechPower / speechCount : power / count);
        var snr = Math.Clamp(level - Decibels.FromPower(noisePower ?? QuietestTenth(span.Windows)), -20, 60);
        var clippedShare = (double)clipped / (count * SoundWindow.SampleCount);
        var music = MusicLikelihood(power > 0 ? tonalPower / power : 0);

        var verdict = QualityVerdict.Good;
        if (level < QuietLevelDbfs || snr < PoorSnrDb || clippedShare > PoorClippedShare || music > PoorMusicLikelihood)
            verdict = QualityVerdict.Poor;
        if (level < UnusableLevelDbfs || snr < UnusableSnrDb || clippedShare > UnusableClippedShare || music > UnusableMusicLikelihood)
            verdict = QualityVerdict.Unusable;
        return new AudioQuality(span.Range, Math.Round(snr, 1), Math.Round(level, 1), Math.Round(clippedShare, 4), Math.Round(music, 3), verdict);
    }

    /// <summary>A logistic curve over the share of power in held tones. Measured: utterances 0 to 0.28, ragtime 0.36, waltz 0.65, a whistle or beep 0.98.</summary>
    public static double MusicLikelihood(double tonalShare) => 1 / (1 + Math.Exp(-(tonalShare - 0.4) * 20));

    private static double QuietestTenth(IReadOnlyList<SoundWindow> windows)
    {
        var powers = windows.Select(window => (double)window.Power).Order().ToArray();
        return powers.Length == 0 ? 0 : powers.Take(Math.Max(1, powers.Length / 10)).Average();
    }
}
