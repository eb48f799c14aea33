namespace MediaScore.Peers.Network;

/// <summary>One direction of a bad network. All values are made from a seed, so that a run can be repeated packet by packet.</summary>
public sealed record NetworkConditions
{
    public static readonly NetworkConditions Perfect = new();

    /// <summary>Of all datagrams, 0 to 100.</summary>
    public double LossPercent { get; init; }

    /// <summary>Mean run of lost datagrams; 1 = each for itself. Longer runs make losses as rare as <see cref="LossPercent"/> demands (Gilbert's model).</summary>
    public double LossBurst { get; init; } = 1;

    /// <summary>One way.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Added to <see cref="Delay"/>, uniform from 0 to this.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>A late datagram holds up those behind it, as a queue does; false lets them overtake, as several paths do.</summary>
    public bool KeepsOrder { get; init; }

    /// <summary>Datagrams that are held back by <see cref="ReorderDelay"/>, so that those behind them overtake; 0 to 100.</summary>
    public double ReorderPercent { get; init; }

    // Three sound packets, or a picture and the next.
    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>Datagrams that come twice, the second copy within <see cref="ReorderDelay"/>; 0 to 100.</summary>
    public double DuplicatePercent { get; init; }

    /// <summary>Kilobits a second that pass; 0 = unlimited.</summary>
    public int RateKilobitsPerSecond { get; init; }

    /// <summary>How long a queue the limited rate has; what does not fit is lost. Default 300 ms, as a home router.</summary>
    public TimeSpan RateQueue { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>When nothing passes, from the emulator's first datagram.</summary>
    public IReadOnlyList<Outage> Outages { get; init; } = [];
}

/// <param name="Start">After the first datagram.</param>
public readonly record struct Outage(TimeSpan Start, TimeSpan Length);
