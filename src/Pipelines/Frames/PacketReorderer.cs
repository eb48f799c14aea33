namespace MediaScore.Pipelines.Frames;

/// <summary>One packet in its place.</summary>
/// <param name="Sequence">Its number in its track.</param>
/// <param name="LostBefore">Numbers between it and the packet released before it that did not come in time.</param>
/// <param name="Packet">Now the taker's.</param>
public readonly record struct ReleasedPacket<T>(ulong Sequence, ulong LostBefore, T Packet);

/// <summary>
/// Puts packets of one track back into sequence order. It waits for a missing one until 32 packets are held or the held ones span 500 ms of media, whichever
/// comes first, then gives it up. Media time and not arrival decides, so the same packets always come out the same. Not thread-safe; allocates nothing
/// once built.
/// </summary>
/// <remarks>The reorderer owns a packet from a true <see cref="TryAdd"/> until <see cref="TryTake"/> hands it on.</remarks>
public sealed class PacketReorderer<T>
{
    /// <summary>Most packets held. 32 audio packets are 640 ms, beyond the 500 ms that end the wait in any case.</summary>
    public const int Capacity = 32;

    // A person waits about half a second for an answer before it feels late (ITU-T G.114 calls 400 ms the limit); captions should not lag by more.
    private const long LongestWaitMicroseconds = 500_000;

    private readonly Entry[] _held = new Entry[Capacity];
    private int _count;
    private long _newestMicroseconds = long.MinValue;
    private bool _flushing;

    /// <param name="next">The first number to release.</param>
    public PacketReorderer(ulong next = 0) => Next = next;

    /// <summary>The number released next, unless it is given up.</summary>
    public ulong Next { get; private set; }

    /// <summary>Packets held.</summary>
    public int HeldCount => _count;

    /// <summary>Takes a packet in. Take all that <see cref="TryTake"/> offers before adding the next one.</summary>
    /// <param name="mediaMicroseconds">The client's time stamp.</param>
    /// <returns>False, with the packet still the caller's, when it comes too late or a second time.</returns>
    /// <exception cref="InvalidOperationException">Full: the caller did not take what was ready.</exception>
    public bool TryAdd(ulong sequence, long mediaMicroseconds, T packet)
    {
        if (sequence < Next)
            return false;
        var at = _count;
        while (at > 0 && _held[at - 1].Sequence >= sequence)
            at--;
        if (at < _count && _held[at].Sequence == sequence)
            return false;
        if (_count == Capacity)
            throw new InvalidOperationException($"{Capacity} packets are held; take those that are ready before adding number {sequence}.");
        Array.Copy(_held, at, _held, at + 1, _count - at);
        _held[at] = new Entry(sequence, mediaMicroseconds, packet);
        _count++;
        _newestMicroseconds = Math.Max(_newestMicroseconds, mediaMicroseconds);
        return true;
    }

    /// <summary>Hands out the next packet, if it is there or need not be waited for any longer.</summary>
    public bool TryTake(out ReleasedPacket<T> released)
    {
        if (_count == 0)
        {
            _flushing = false;
            released = default;
            return false;
        }

        var first = _held[0];
        // Subtracted as unsigned: stamps come from outside and may lie at either end of the range of 64 bits.
        var waited = _newestMicroseconds > first.Microseconds && (ulong)(_newestMicroseconds - first.Microseconds) >= LongestWaitMicroseconds;
        if (first.Sequence != Next && !_flushing && _count < Capacity && !waited)
        {
            released = default;
            return false;
        }

        Array.Copy(_held, 1, _held, 0, --_count);
        _held[_count] = default;
        released = new ReleasedPacket<T>(first.Sequence, first.Sequence - Next, first.Packet);
        Next = first.Sequence + 1;
        if (_count == 0)
            _newestMicroseconds = long.MinValue;
        return true;
    }

    /// <summary>No more packets will come: from now until it is empty, <see cref="TryTake"/> waits for nothing.</summary>
    public void Flush() => _flushing = _count > 0;

    private readonly record struct Entry(ulong Sequence, long Microseconds, T Packet);
}
