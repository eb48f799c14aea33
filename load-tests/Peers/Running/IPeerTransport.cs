using MediaScore.WebRtc;

namespace MediaScore.Peers.Running;

/// <summary>A sender's way to the server: real sockets. Never blocks; used by one thread.</summary>
internal interface IPeerTransport : IDatagramSink, IDisposable
{
    /// <summary>The candidates that can be reached by it.</summary>
    IReadOnlyList<RemoteAddress> Candidates { get; }

    /// <summary>Datagrams that the kernel did not take.</summary>
    long SendFailureCount { get; }

    /// <summary>Takes a datagram that has come.</summary>
    bool TryReceive(Span<byte> buffer, out int length, out RemoteAddress from);

    /// <summary>Goes on from another local address; false where this way cannot.</summary>
    bool TryRebind();
}
