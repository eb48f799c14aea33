using MediaScore.Peers.Network;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Running;

/// <summary>What happens to a sender's datagrams before they reach the socket, and to the server's after it.</summary>
/// <param name="Seed">Of both directions.</param>
public sealed record PeerNetwork(NetworkConditions Uplink, NetworkConditions Downlink, int Seed = 1)
{
    public static readonly PeerNetwork Perfect = new(NetworkConditions.Perfect, NetworkConditions.Perfect);
}

/// <summary>A real way behind two emulated directions.</summary>
internal sealed class EmulatedTransport(IPeerTransport inner, PeerNetwork network, Func<Instant> clock) : IDatagramSink, IDisposable
{
    private readonly NetworkEmulator _up = new(network.Uplink, network.Seed);
    private readonly NetworkEmulator _down = new(network.Downlink, network.Seed + 1);
    private readonly bool _perfect = network.Uplink == NetworkConditions.Perfect && network.Downlink == NetworkConditions.Perfect;
    private readonly byte[] _buffer = new byte[2048];
    private bool _isCut;

    public IPeerTransport Inner => inner;

    public NetworkEmulator Uplink => _up;

    public NetworkEmulator Downlink => _down;

    public Instant NextDeadline => Instant.Min(_up.NextDelivery, _down.NextDelivery);

    /// <summary>From now on nothing passes, either way.</summary>
    public void Cut() => _isCut = true;

    /// <summary>Whether nothing gets to the server now.</summary>
    public bool IsOut(Instant now) => _isCut || _up.IsOut(now);

    public void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to)
    {
        if (_isCut)
            return;
        if (_perfect)
            inner.Transmit(datagram, to);
        else
            _up.Send(datagram, to, clock());
    }

    /// <summary>Lets go what is due towards the server.</summary>
    public void Flush(Instant now)
    {
        while (_up.TryReceive(now, _buffer, out var length, out var to))
        {
            if (!_isCut)
                inner.Transmit(_buffer.AsSpan(0, length), to);
        }
    }

    /// <summary>What the session gets now.</summary>
    public bool TryReceive(Span<byte> buffer, out int length, out RemoteAddress from, Instant now)
    {
        if (_isCut)
        {
            // Read and forgotten: the socket would be ready for ever.
            while (inner.TryReceive(buffer, out length, out from))
            {
            }

            return false;
        }

        if (_perfect)
            return inner.TryReceive(buffer, out length, out from);
        while (inner.TryReceive(buffer, out length, out from))
            _down.Send(buffer[..length], from, now);
        return _down.TryReceive(now, buffer, out length, out from);
    }

    public void Dispose() => inner.Dispose();
}
