using MediaScore.WebRtc;

namespace MediaScore.Peers.Sessions;

/// <summary>
/// Spreads the packets of a picture over time, as browsers' pacers do, so that a key frame does not fill the next router's queue at once: 2.5 times the stream's
/// rate, retransmissions before new packets. Sound does not come here.
/// </summary>
internal sealed class PacedQueue(int bitsPerSecond)
{
    // libwebrtc's pacing factor.
    private const double Factor = 2.5;

    // Two seconds of 2 Mbit/s. A sender whose way is blocked throws new pictures away, not memory.
    private const int MaxQueued = 512;

    // What a late turn may catch up at once, as libwebrtc's budget does: without it a pacer that runs too seldom sends one packet a turn, and too few.
    private const long MostCatchUpUs = 40_000;

    private readonly double _microsecondsPerByte = 8_000_000 / (Factor * Math.Max(300_000, bitsPerSecond));
    private readonly Queue<(SendStream Stream, ushort Sequence)> _again = new();
    private readonly Queue<(SendStream Stream, ushort Sequence)> _new = new();
    private Instant _freeAt;

    public Instant NextDeadline => _again.Count + _new.Count == 0 ? Instant.Never : _freeAt;

    public long DroppedCount { get; private set; }

    /// <returns>False where the queue is full.</returns>
    public bool TryAdd(SendStream stream, ushort sequence) => TryAdd(_new, stream, sequence);

    public bool TryAddAgain(SendStream stream, ushort sequence) => TryAdd(_again, stream, sequence);

    /// <summary>Takes the packet whose turn it is; tell its length by <see cref="Sent"/>.</summary>
    public bool TryTake(Instant now, out SendStream stream, out ushort sequence, out bool again)
    {
        again = _again.Count > 0;
        if (_freeAt > now || !(again ? _again : _new).TryDequeue(out var next))
        {
            stream = null!;
            sequence = 0;
            return false;
        }

        (stream, sequence) = next;
        return true;
    }

    public void Sent(int length, Instant now) =>
        _freeAt = new Instant(Math.Max(now.Microseconds - MostCatchUpUs, _freeAt.Microseconds) + (long)(length * _microsecondsPerByte));

    /// <summary>Throws away what waits.</summary>
    public void Clear()
    {
        foreach (var (stream, sequence) in _again)
        {
            if (stream.History.Find(sequence) is { } kept)
                kept.IsQueued = false;
        }

        _again.Clear();
        _new.Clear();
    }

    private bool TryAdd(Queue<(SendStream Stream, ushort Sequence)> queue, SendStream stream, ushort sequence)
    {
        if (queue.Count >= MaxQueued)
        {
            DroppedCount++;
            return false;
        }

        queue.Enqueue((stream, sequence));
        return true;
    }
}
