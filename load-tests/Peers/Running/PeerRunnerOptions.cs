namespace MediaScore.Peers.Running;

/// <summary>How many senders run, and where they may send to.</summary>
public sealed record PeerRunnerOptions
{
    /// <summary>Threads that drive the senders. Default 1: a hundred senders take a fifth of a core.</summary>
    public int ThreadCount { get; init; } = 1;

    /// <summary>Called first on each of these threads. Default null.</summary>
    public Action? ThreadBegan { get; init; }

    /// <summary>Called last on each of these threads. Default null.</summary>
    public Action? ThreadEnds { get; init; }

    /// <summary>Most senders at once. Default 200.</summary>
    public int MaxPeers { get; init; } = 200;

    /// <summary>Between looks at what is due. Default 2 ms: packets of a paced picture are about 6 ms apart.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Between looks at a sender's sockets. Default 4 ms: what comes back are reports and requests, and a system call a socket is what a look costs.</summary>
    public TimeSpan SocketPoll { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>Longest run of one sender. Default 4 hours.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Send to other machines. Default false: a load generator that can be pointed anywhere is a weapon.</summary>
    public bool AllowsRemote { get; init; }
}
