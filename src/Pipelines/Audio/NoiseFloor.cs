namespace MediaScore.Pipelines.Audio;

/// <summary>Running estimate of the background's power from windows without speech. Not thread-safe.</summary>
internal sealed class NoiseFloor(AudioPipelineOptions options)
{
    // Time constant of about 1.6 s (50 windows): follows a fan that starts, averages over a keystroke.
    private const double Share = 0.02;

    // 8 windows, a quarter of a second: earlier the mean is a guess.
    private const int LeastWindows = 8;

    // Breath and room decay after a word for about 200 ms; that is not the background.
    private const int SettlingWindows = 6;

    private int _quietWindows;
    private int _sinceSpeech = SettlingWindows;
    private double _power;

    /// <summary>Mean square; null until enough background was heard.</summary>
    public double? Power => _quietWindows >= LeastWindows ? _power : null;

    public void Add(in SoundWindow window)
    {
        _sinceSpeech = window.Probability >= options.OffsetProbability ? 0 : _sinceSpeech + 1;
        if (_sinceSpeech <= SettlingWindows)
            return;
        _quietWindows = Math.Min(_quietWindows + 1, 1 << 20);

        // A plain mean first, so that the first window does not weigh fifty times.
        _power += (window.Power - _power) * Math.Max(Share, 1.0 / _quietWindows);
    }
}
