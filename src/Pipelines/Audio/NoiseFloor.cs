namespace MediaScore.Pipelines.Audio;

/// <summary>
/// Running estimate of the background's power: the lower quartile of the windows without speech in the last 8 s of them. A quantile and not a mean, because
/// coughs, keystrokes and knocks on the table are no background. Not thread-safe; allocates nothing once built.
/// </summary>
internal sealed class NoiseFloor(AudioPipelineOptions options)
{
    // 250 windows of 32 ms: follows a fan that starts, forgets a lorry that passes.
    private const int KeptWindows = 250;

    // 8 windows, a quarter of a second: earlier the quantile is a guess.
    private const int LeastWindows = 8;

    // Breath and room decay after a word for about 200 ms; that is not the background.
    private const int SettlingWindows = 6;

    private const double Quantile = 0.25;

    private readonly byte[] _levels = new byte[KeptWindows];
    private readonly int[] _histogram = new int[101];
    private int _next;
    private int _count;
    private int _sinceSpeech = SettlingWindows;

    /// <summary>Mean square, to the decibel; null until enough background was heard.</summary>
    public double? Power => _count >= LeastWindows ? Decibels.ToPower(Level()) : null;

    public void Add(in SoundWindow window)
    {
        _sinceSpeech = window.Probability >= options.OffsetProbability ? 0 : _sinceSpeech + 1;
        if (_sinceSpeech <= SettlingWindows)
            return;
        if (_count == KeptWindows)
            _histogram[_levels[_next]]--;
        else
            _count++;
        _levels[_next] = (byte)Math.Clamp(Math.Round(-Decibels.FromPower(window.Power)), 0, 100);
        _histogram[_levels[_next]]++;
        _next = (_next + 1) % KeptWindows;
    }

    // Bins are decibels below full scale, so the quietest come last.
    private double Level()
    {
        var remaining = (int)(Quantile * (_count - 1));
        var bin = _histogram.Length - 1;
        for (; bin > 0 && remaining >= _histogram[bin]; bin--)
            remaining -= _histogram[bin];
        return -bin;
    }
}
