namespace MediaScore.WebRtc.Transport;

/// <summary>A snapshot of the loop. Counters since it started.</summary>
public sealed record RtcLoopStatistics
{
    public long DatagramCount { get; init; }

    public long ByteCount { get; init; }

    /// <summary>Datagrams that belong to no session: dropped without a reply.</summary>
    public long UnknownCount { get; init; }

    /// <summary>Datagrams that the kernel dropped before we saw them (socket buffer full); null where the system does not tell.</summary>
    public long? KernelDropCount { get; init; }

    /// <summary>Datagrams that could not be sent.</summary>
    public long SendFailureCount { get; init; }

    public int SessionCount { get; init; }

    /// <summary>Sessions by state, closed ones left out.</summary>
    public IReadOnlyDictionary<RtcState, int> SessionsByState { get; init; } = new Dictionary<RtcState, int>();

    /// <summary>DTLS handshakes that run now; each has a thread.</summary>
    public int HandshakeCount { get; init; }

    /// <summary>First flights that were left to the client's retransmission because as many handshakes ran as may.</summary>
    public long HandshakesPutOffCount { get; init; }

    public int TcpConnectionCount { get; init; }

    /// <summary>TCP connections closed at once because of a cap.</summary>
    public long TcpRefusedCount { get; init; }
}
