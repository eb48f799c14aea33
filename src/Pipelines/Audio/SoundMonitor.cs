using MediaScore.Timeline;

namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Watches the windows as they pass and warns of what the candidate can mend now. One warning an episode, with hysteresis in media time. Not thread-safe.
/// </summary>
internal sealed class SoundMonitor(AudioPipelineOptions options, NoiseFloor noise)
{
    // 3 s of speech: long enough that one quiet word is not a quiet speaker, short enough to be told within the first sentence.
    private const int SpeechWindows = 94;

    // Music also plays while nobody speaks: 4 s of it.
    private const int MusicWindows = 125;

    // About 0.6 s: the level of the last words, not of the whole answer.
    private const double SpeechShare = 0.05;

    private readonly EpisodeDetector _quiet = new(SpeechWindows);
    private readonly EpisodeDetector _clipped = new(SpeechWindows);
    private readonly EpisodeDetector _noisy = new(SpeechWindows);

    // Notes end and drums sound between them: in music a third to four fifths of the windows are tonal, in speech hardly one in ten.
    private readonly EpisodeDetector _music = new(MusicWindows * 2, gain: 2);
    private readonly List<QualityWarning> _warnings = [];
    private double _speechPower;
    private double _clippedShare;
    private long? _answerStart;
    private long _lastSpeech;
    private bool _silenceTold;

    /// <summary>Warnings of the last <see cref="Add"/>.</summary>
    public IReadOnlyList<QualityWarning> Warnings => _warnings;

    public void BeginAnswer(long position)
    {
        _answerStart = position;
        _silenceTold = false;
    }

    public void EndAnswer() => _answerStart = null;

    /// <summary>Takes the next window, which ends at <paramref name="end"/>.</summary>
    public void Add(in SoundWindow window, long end)
    {
        _warnings.Clear();
        if (window.Probability >= options.OnsetProbability)
        {
            _lastSpeech = end;
            _silenceTold = false;
            _speechPower += (window.Power - _speechPower) * (_speechPower == 0 ? 1 : SpeechShare);
            _clippedShare += ((double)window.ClippedCount / SoundWindow.SampleCount - _clippedShare) * SpeechShare;
            var level = Decibels.FromPower(_speechPower);
            Step(_quiet, level < QualityGate.QuietLevelDbfs, WarningKind.TooQuiet, SpeechWindows, end);
            Step(_clipped, _clippedShare > QualityGate.PoorClippedShare, WarningKind.Clipped, SpeechWindows, end);
            if (noise.Power is { } background)
                Step(_noisy, level - Decibels.FromPower(background) < QualityGate.PoorSnrDb, WarningKind.Noisy, SpeechWindows, end);
        }

        Step(_music, window.TonalShare > QualityGate.TonalWindowShare, WarningKind.Music, MusicWindows, end);
        WarnOfSilence(end);
    }

    private void WarnOfSilence(long end)
    {
        if (_answerStart is not { } answerStart || _silenceTold)
            return;
        var since = Math.Max(answerStart, _lastSpeech);
        if (end - since < (long)options.NoSoundSeconds * SoundWindow.SampleRate)
            return;
        _silenceTold = true;
        _warnings.Add(new QualityWarning(Range(since, end), WarningKind.NoSound));
    }

    private void Step(EpisodeDetector episode, bool holds, WarningKind kind, int windows, long end)
    {
        if (episode.Step(holds))
            _warnings.Add(new QualityWarning(Range(Math.Max(0, end - (long)windows * SoundWindow.SampleCount), end), kind));
    }

    private static MediaRange Range(long start, long end) =>
        new(MediaTime.FromSamples(start, SoundWindow.SampleRate), MediaTime.FromSamples(end, SoundWindow.SampleRate));
}
