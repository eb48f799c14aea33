namespace MediaScore.Peers.Packets;

/// <summary>RFC 7587, 4.2: one Opus packet a payload, as it is.</summary>
internal sealed class OpusPacketizer : IPacketizer
{
    private ReadOnlyMemory<byte> _packet;

    public void Begin(ReadOnlyMemory<byte> frame) => _packet = frame;

    public bool TryWriteNext(Span<byte> payload, out int length, out bool last)
    {
        length = _packet.Length;
        last = true;
        if (length == 0)
            return false;
        _packet.Span.CopyTo(payload);
        _packet = default;
        return true;
    }
}
