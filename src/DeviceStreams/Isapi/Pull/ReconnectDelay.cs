namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>How long a device is left alone after a connection has broken: longer each time, and not all devices of a site at once. One caller at a time.</summary>
internal sealed class ReconnectDelay(TimeSpan first, Random random)
{
    private static readonly int[] Factors = [1, 2, 5, 10, 30, 60];

    private int _step;

    public TimeSpan Next()
    {
        var factor = Factors[Math.Min(_step++, Factors.Length - 1)];
        // Up to a quarter more, never less: a device that was just too busy is not asked sooner.
        return first * factor * (1 + (random.NextDouble() / 4));
    }

    /// <summary>It went well for a while.</summary>
    public void Reset() => _step = 0;
}
