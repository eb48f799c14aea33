namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// Packets of a stream that came before one that is missing, by sequence number. Bounded by its number of places; buffers are made when first needed and used
/// again, so that a stream without loss has none.
/// </summary>
internal sealed class ReorderBuffer(int capacity)
{
    /// <summary>Longest payload that can be held; senders keep below the path's 1500 bytes.</summary>
    public const int MaxPayloadBytes = 1500;

    private readonly Slot[] _slots = new Slot[capacity];
    private readonly Stack<byte[]> _free = new();

    /// <summary>Packets held.</summary>
    public int Count { get; private set; }

    /// <summary>Buffers made so far.</summary>
    public int BufferCount { get; private set; }

    /// <summary>How far ahead of the next packet one may lie.</summary>
    public int Capacity => capacity;

    // Asked for every packet, and nearly always empty: then its places, which are many and cold, are not looked at.
    public bool IsHeld(long sequence) => Count > 0 && _slots[sequence % capacity].Buffer is not null && _slots[sequence % capacity].Sequence == sequence;

    /// <summary>Keeps a copy. The caller has made sure that the place is free: no number <see cref="Capacity"/> away is held.</summary>
    public void Hold(long sequence, uint timestamp, bool marker, Instant arrival, ReadOnlySpan<byte> payload)
    {
        ref var slot = ref _slots[sequence % capacity];
        if (!_free.TryPop(out var buffer))
        {
            buffer = new byte[MaxPayloadBytes];
            BufferCount++;
        }

        payload.CopyTo(buffer);
        slot = new Slot(sequence, timestamp, marker, arrival, buffer, payload.Length);
        Count++;
    }

    /// <summary>Takes a packet out. Its payload is valid until the next <see cref="Hold"/>.</summary>
    public bool TryTake(long sequence, out HeldPacket packet)
    {
        ref var slot = ref _slots[sequence % capacity];
        if (Count == 0 || slot.Buffer is not { } buffer || slot.Sequence != sequence)
        {
            packet = default;
            return false;
        }

        packet = new HeldPacket(slot.Timestamp, slot.Marker, slot.Arrival, buffer.AsSpan(0, slot.Length));
        slot = default;
        _free.Push(buffer);
        Count--;
        return true;
    }

    private readonly record struct Slot(long Sequence, uint Timestamp, bool Marker, Instant Arrival, byte[]? Buffer, int Length);
}

/// <summary>A packet out of a <see cref="ReorderBuffer"/>.</summary>
internal readonly ref struct HeldPacket(uint timestamp, bool marker, Instant arrival, ReadOnlySpan<byte> payload)
{
    public uint Timestamp { get; } = timestamp;

    public bool Marker { get; } = marker;

    public Instant Arrival { get; } = arrival;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
