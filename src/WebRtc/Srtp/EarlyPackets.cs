namespace MediaScore.WebRtc.Srtp;

/// <summary>
/// Holds the protected packets that come before the keys do: the peer is done with DTLS half a round trip before us, and its first packets are a key frame. Bounded; what does not fit is
/// lost, as it would be without. Holds its memory from the first packet on until <see cref="Clear"/>.
/// </summary>
internal sealed class EarlyPackets
{
    // A key frame of 640 x 480 is 12 to 30 packets (measured: 13 to 33 kB); the sound beside it 50 a second.
    public const int MaxCount = 64;
    public const int MaxBytes = 64 * 1024;

    private readonly int[] _ends = new int[MaxCount];
    private byte[]? _bytes;

    public int Count { get; private set; }

    /// <summary>Of packets that did not fit.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Copies the packet. False, and counted, where there is no room.</summary>
    public bool TryHold(ReadOnlySpan<byte> packet)
    {
        var start = Count == 0 ? 0 : _ends[Count - 1];
        if (Count == MaxCount || packet.Length > MaxBytes - start)
        {
            DroppedCount++;
            return false;
        }

        _bytes ??= new byte[MaxBytes];
        packet.CopyTo(_bytes.AsSpan(start));
        _ends[Count++] = start + packet.Length;
        return true;
    }

    /// <summary>In the order of their coming, to be opened in place.</summary>
    public Span<byte> this[int position]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)Count);
            var start = position == 0 ? 0 : _ends[position - 1];
            return _bytes.AsSpan(start, _ends[position] - start);
        }
    }

    public void Clear()
    {
        Count = 0;
        _bytes = null;
    }
}
