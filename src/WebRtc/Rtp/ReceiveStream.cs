using System.Buffers.Binary;
using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// One source: its packets in order, with the retransmitted ones in their places, and what our reports say of it. What comes in order leaves at once and is
/// not copied; what comes after a gap waits until the gap is closed or given up.
/// </summary>
internal sealed class ReceiveStream
{
    /// <summary>A jump of more numbers than this is another beginning (RFC 3550, A.1: MAX_DROPOUT).</summary>
    public const int LargestJump = 3000;

    // As long as networks re-order; a key frame is asked for meanwhile.
    private static readonly TimeSpan OpeningWait = TimeSpan.FromMilliseconds(300);

    private readonly StreamCounters _counters;
    private readonly IPacketSink _sink;
    private readonly ReorderBuffer _held;
    private SequenceUnwrapper _sequences;
    private TimestampUnwrapper _timestamps;
    private long _next;
    private long _highest;
    private bool _started;
    private Instant _opensAt = Instant.Never;
    private int _restartAt = -1;
    private NtpTime _senderReport;
    private Instant _senderReportAt;

    /// <param name="canAsk">NACK was negotiated.</param>
    /// <param name="hold">Longest wait for a missing packet.</param>
    /// <param name="capacity">Packets that may wait behind a missing one.</param>
    public ReceiveStream(uint ssrc, int clockRate, bool canAsk, TimeSpan hold, int capacity, StreamCounters counters, IPacketSink sink)
    {
        (Ssrc, _counters, _sink) = (ssrc, counters, sink);
        _held = new ReorderBuffer(capacity);
        Missing = new NackTracker(canAsk, hold);
        Reception = new ReceptionStatistics(clockRate);
    }

    public uint Ssrc { get; }

    /// <summary>No retransmission source: what comes after a request came by it. Else that may be re-ordering, and tells nothing of the round trip.</summary>
    public bool ResendsUnderOwnNumber { get; init; }

    public NackTracker Missing { get; }

    public ReceptionStatistics Reception { get; }

    /// <summary>Packets that wait behind a missing one.</summary>
    public int HeldCount => _held.Count;

    /// <summary>Round trip seen from a request to what it brought; taken by reading.</summary>
    public TimeSpan? RoundTripSample { get; set; }

    /// <summary>When a packet is to be asked for or given up.</summary>
    public Instant NextDeadline => Instant.Min(_opensAt, Instant.Min(Missing.NextAsk, Missing.GiveUpAt));

    // Its first packet is not one to begin with: one that was sent before it may still come.
    private bool IsOpening => _opensAt != Instant.Never;

    /// <inheritdoc cref="RtcSession.Touch"/>
    public long Touch() => _next + _counters.Packets + _held.Count + Reception.JitterTicks + Missing.NextAsk.Microseconds + Missing.Count;

    public void Receive(in RtpPacket packet, Instant now)
    {
        if (_started && Math.Abs((int)(short)(packet.SequenceNumber - (ushort)_highest)) > LargestJump && !TryRestart(packet.SequenceNumber))
            return;
        _counters.Packets++;
        var sequence = _sequences.Unwrap(packet.SequenceNumber);
        if (!_started)
        {
            (_started, _next, _highest) = (true, sequence, sequence - 1);
            _opensAt = _sink.CanBeginWith(packet.Payload) ? Instant.Never : now + OpeningWait;
        }

        Reception.OnReceived(sequence, packet.Timestamp, now);
        Take(sequence, packet, packet.Payload, isRetransmission: false, now);
    }

    /// <summary>A packet of the retransmission source (RFC 4588, 4): the original's number stands before its payload.</summary>
    public void ReceiveRetransmission(in RtpPacket packet, Instant now)
    {
        // Padding, by which browsers probe the path.
        if (packet.Payload.Length < 2)
            return;
        var original = BinaryPrimitives.ReadUInt16BigEndian(packet.Payload);
        if (!_started || Math.Abs((int)(short)(original - (ushort)_highest)) > LargestJump)
        {
            _counters.Discarded++;
            return;
        }

        Take(_sequences.Unwrap(original), packet, packet.Payload[2..], isRetransmission: true, now);
    }

    public void OnSenderReport(NtpTime ntp, Instant now) => (_senderReport, _senderReportAt) = (ntp, now);

    /// <summary>A sender report's RTP time on the packets' count.</summary>
    public long Locate(uint timestamp) => _timestamps.Locate(timestamp);

    /// <summary>Our report on this source; begins a new interval of loss.</summary>
    public ReportBlock Report(Instant now)
    {
        var fraction = Reception.TakeFractionLost();
        var (last, since) = _senderReport.Value == 0 ? (0u, 0u) : (_senderReport.Compact, NtpTime.ToCompact(now - _senderReportAt));
        return new ReportBlock(Ssrc, fraction, Reception.CumulativeLost, Reception.ExtendedHighest, Reception.JitterTicks, last, since);
    }

    /// <summary>Gives up what was waited for too long.</summary>
    public void Advance(Instant now)
    {
        if (_opensAt <= now)
            Open(now);
        var lost = 0;
        while (Missing.GiveUpAt <= now)
        {
            Missing.RemoveBelow(++_next);
            lost++;
            if (!_held.IsHeld(_next))
                continue;
            Lose(lost);
            lost = 0;
            Drain();
        }

        if (lost > 0)
            Lose(lost);
    }

    /// <summary>Hands on all that is held and waits for nothing.</summary>
    public void Flush()
    {
        _opensAt = Instant.Never;
        if (_started)
            GiveUpBelow(_highest + 1);
    }

    private bool TryRestart(ushort sequence)
    {
        // One packet alone may be anything; the second one in a row is a stream (RFC 3550, A.1).
        if (_restartAt != sequence)
        {
            _restartAt = (ushort)(sequence + 1);
            _counters.Discarded++;
            return false;
        }

        var jump = (short)(sequence - (ushort)_highest);
        Flush();
        Lose(jump > 0 ? jump - 1 : 1);
        Reception.Restart();
        _counters.Restarts++;
        (_sequences, _started, _restartAt) = (default, false, -1);
        return true;
    }

    private void Take(long sequence, in RtpPacket packet, ReadOnlySpan<byte> payload, bool isRetransmission, Instant now)
    {
        // Kept back only by what is missing before it, and then only in a buffer of fixed size.
        if ((sequence > _next || IsOpening) && payload.Length > ReorderBuffer.MaxPayloadBytes)
        {
            _counters.Discarded++;
            return;
        }

        if (IsOpening && !TryOpenWith(sequence, payload, now))
        {
            Await(sequence, packet, payload, now);
            return;
        }

        var asks = Missing.Remove(sequence, now, out var roundTrip);
        if (sequence < _next || _held.IsHeld(sequence))
        {
            _counters.Duplicates++;
            return;
        }

        if (isRetransmission || ResendsUnderOwnNumber)
            RoundTripSample = roundTrip ?? RoundTripSample;
        if (asks > 0 || (asks == 0 && isRetransmission))
            _counters.Recovered++;
        if (sequence > _highest)
            Extend(sequence, now);
        if (sequence == _next)
        {
            Deliver(packet.Timestamp, packet.Marker, now, payload);
            Drain();
        }
        else
        {
            _held.Hold(sequence, packet.Timestamp, packet.Marker, now, payload);
        }
    }

    /// <summary>The stream begins here, or can be waited for no longer.</summary>
    private bool TryOpenWith(long sequence, ReadOnlySpan<byte> payload, Instant now)
    {
        if (Math.Max(_highest, sequence) - Math.Min(_next, sequence) >= _held.Capacity)
        {
            Open(now);
            return true;
        }

        if (!_sink.CanBeginWith(payload))
            return false;
        while (_next < sequence)
            _held.TryTake(_next++, out _);
        _next = sequence;
        Open(now);
        return true;
    }

    private void Await(long sequence, in RtpPacket packet, ReadOnlySpan<byte> payload, Instant now)
    {
        if (_held.IsHeld(sequence))
        {
            _counters.Duplicates++;
            return;
        }

        (_next, _highest) = (Math.Min(_next, sequence), Math.Max(_highest, sequence));
        _held.Hold(sequence, packet.Timestamp, packet.Marker, now, payload);
    }

    private void Open(Instant now)
    {
        _opensAt = Instant.Never;
        Drain();
        for (var end = _next; end <= _highest; end++)
        {
            var first = end;
            while (end <= _highest && !_held.IsHeld(end))
                end++;
            if (end == first || Missing.TryAdd(first, end, now))
                continue;

            // What was held behind it has left, too.
            GiveUpBelow(end);
            end = _next - 1;
        }
    }

    private void Extend(long sequence, Instant now)
    {
        // Room for it, whatever it costs the oldest.
        if (sequence - _next >= _held.Capacity)
            GiveUpBelow(sequence - _held.Capacity + 1);
        var first = Math.Max(_highest + 1, _next);
        _highest = sequence;
        if (first < sequence && !Missing.TryAdd(first, sequence, now))
            GiveUpBelow(sequence);
    }

    private void GiveUpBelow(long sequence)
    {
        var lost = 0;
        while (_next < sequence)
        {
            if (!_held.IsHeld(_next))
            {
                lost++;
                _next++;
                continue;
            }

            if (lost > 0)
                Lose(lost);
            lost = 0;
            Drain();
        }

        if (lost > 0)
            Lose(lost);
        Missing.RemoveBelow(_next);
        Drain();
    }

    private void Drain()
    {
        while (_held.TryTake(_next, out var held))
            Deliver(held.Timestamp, held.Marker, held.Arrival, held.Payload);
    }

    private void Deliver(uint timestamp, bool marker, Instant arrival, ReadOnlySpan<byte> payload)
    {
        _next++;
        _sink.OnPacket(new MediaPacket(_timestamps.Unwrap(timestamp), marker, arrival, payload));
    }

    private void Lose(int count)
    {
        _counters.Lost += count;
        _sink.OnLost(count);
    }
}
