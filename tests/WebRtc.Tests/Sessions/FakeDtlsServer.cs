using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Sessions;

/// <summary>A handshake that ends when the test says so; everything else of a session is real.</summary>
internal sealed class FakeDtlsServer : IDtlsServer
{
    public static readonly byte[] Goodbye = [21, 1, 1, 1];

    public DtlsState State { get; set; }

    public SrtpKeys? Keys { get; set; }

    public List<byte[]> Received { get; } = [];

    public int DisposeCount { get; private set; }

    public void Receive(ReadOnlySpan<byte> datagram, in RemoteAddress from, Instant now) => Received.Add(datagram.ToArray());

    /// <summary>Sent once, at the next turn.</summary>
    public byte[]? Flight { get; set; }

    public void Advance(IDtlsOutput output)
    {
        if (Flight is { } flight)
            output.SendDtls(flight);
        Flight = null;
    }

    public void Close(IDtlsOutput output)
    {
        if (State == DtlsState.Connected)
            output.SendDtls(Goodbye);
        State = DtlsState.Closed;
    }

    public void Dispose() => DisposeCount++;
}
