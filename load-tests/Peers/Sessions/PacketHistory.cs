using MediaScore.WebRtc;

namespace MediaScore.Peers.Sessions;

/// <summary>One packet that was made, kept for its sending and sending again.</summary>
internal sealed class KeptPacket
{
    public ushort SequenceNumber { get; set; }

    public uint Timestamp { get; set; }

    public bool Marker { get; set; }

    public int LevelDbov { get; set; }

    public bool Voice { get; set; }

    public int PayloadLength { get; set; }

    public byte[] Payload { get; set; } = [];

    /// <summary>As it left, tag and all, where it is to be sent again under its own number: one nonce, one text.</summary>
    public byte[] Protected { get; set; } = [];

    public int ProtectedLength { get; set; }

    public Instant SentAt { get; set; } = Instant.Never;

    /// <summary>Waits in the pacer to be sent again: asking once more changes nothing.</summary>
    public bool IsQueued { get; set; }
}

/// <summary>The packets of one source that were made last: a ring by sequence number. Allocates nothing once it went round.</summary>
/// <param name="capacity">A power of two.</param>
internal sealed class PacketHistory(int capacity)
{
    private readonly KeptPacket?[] _ring = new KeptPacket?[capacity];

    /// <summary>The slot for a new packet; what was in it is forgotten.</summary>
    public KeptPacket Add(ushort sequenceNumber, int payloadLength)
    {
        var kept = _ring[sequenceNumber & (capacity - 1)] ??= new KeptPacket();
        if (kept.Payload.Length < payloadLength)
            kept.Payload = new byte[Math.Max(payloadLength, 160)];
        kept.SequenceNumber = sequenceNumber;
        kept.PayloadLength = payloadLength;
        kept.ProtectedLength = 0;
        kept.SentAt = Instant.Never;
        kept.IsQueued = false;
        return kept;
    }

    public KeptPacket? Find(ushort sequenceNumber)
    {
        var kept = _ring[sequenceNumber & (capacity - 1)];
        return kept is not null && kept.SequenceNumber == sequenceNumber ? kept : null;
    }
}
