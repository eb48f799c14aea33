namespace MediaScore.Codecs.Pcm;

/// <summary>
/// Weights that fold channels to one. 5.1 and 7.1 follow ITU-R BS.775-3, table 2 (front pair 0.7071, centre 1, surrounds 0.5, LFE left out), then scaled to
/// a sum of 1 so that no input can clip. Every other layout is averaged.
/// </summary>
internal static class MonoDownmix
{
    private const float FrontPair = 0.70710678f;
    private const float Surround = 0.5f;

    /// <returns>One weight a channel, in WAVE order.</returns>
    internal static float[] Weights(int channels)
    {
        float[] weights = channels switch
        {
            6 => [FrontPair, FrontPair, 1, 0, Surround, Surround],
            8 => [FrontPair, FrontPair, 1, 0, Surround, Surround, Surround, Surround],
            _ => [.. Enumerable.Repeat(1f, channels)],
        };
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
