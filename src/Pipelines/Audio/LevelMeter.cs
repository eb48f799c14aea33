namespace MediaScore.Pipelines.Audio;

/// <summary>
/// How loud the sound is just now, for a meter on a page. It holds 32 ms windows up for a moment, as a meter's needle does, and is no part of any result. One writer,
/// any number of readers.
/// </summary>
internal sealed class LevelMeter
{
    // Falls by half in about 100 ms: fast enough to see syllables, slow enough to read once a second.
    private const float Fall = 0.8f;

    private float _power;

    /// <summary>dBFS, -100 for silence.</summary>
    public double LevelDbfs => Decibels.FromPower(Volatile.Read(ref _power));

    /// <param name="power">Mean square of the next window.</param>
    public void Add(float power) => Volatile.Write(ref _power, Math.Max(power, _power * Fall));
}
