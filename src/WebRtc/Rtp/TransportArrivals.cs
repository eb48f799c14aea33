using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// When the transport's packets came (draft-holmer-rmcat-transport-wide-cc-extensions-01), for the sender's congestion control. All sources of the transport
/// share one count.
/// </summary>
internal sealed class TransportArrivals
{
    /// <summary>Between two feedbacks. libwebrtc adapts from 50 to 250 ms to the bitrate and takes 100 where it does not know.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // A second of a sender of 5 Mbit/s.
    private const int Capacity = 512;

    // Re-ordered packets that are reported after all; later ones count as lost with the sender already.
    private const int LatestRepair = 64;

    private readonly long[] _arrivals = new long[Capacity];
    private readonly long[] _ordered = new long[Capacity];
    private SequenceUnwrapper _sequences;
    private long _highest = -1;
    private long _next;
    private byte _feedbackCount;

    /// <summary>When the next feedback is due.</summary>
    public Instant DueAt { get; private set; } = Instant.Never;

    /// <inheritdoc cref="RtcSession.Touch"/>
    public long Touch() => _arrivals[(_highest + 1) % Capacity];

    public void Record(ushort sequence, Instant now)
    {
        if (_highest >= 0 && Math.Abs((int)(short)(sequence - (ushort)_highest)) >= Capacity)
        {
            // Numbers that far apart are another beginning; what was not reported yet is not reported.
            _sequences = default;
            _highest = -1;
        }

        var number = _sequences.Unwrap(sequence);
        if (_highest < 0)
        {
            Array.Fill(_arrivals, RtcpWriter.NotReceived);
            (_highest, _next) = (number, number);
        }

        if (number < _next - LatestRepair || number <= _highest - Capacity)
            return;
        for (; _highest < number; _highest++)
            _arrivals[(_highest + 1) % Capacity] = RtcpWriter.NotReceived;
        ref var arrival = ref _arrivals[number % Capacity];
        if (arrival != RtcpWriter.NotReceived)
            return;
        arrival = now.Microseconds;
        _next = Math.Max(Math.Min(_next, number), _highest - Capacity + 1);
        if (DueAt == Instant.Never)
            DueAt = now + Interval;
    }

    /// <summary>Writes a feedback if one is due; what does not fit goes into the next.</summary>
    public void WriteDue(ref RtcpWriter writer, uint localSsrc, uint mediaSsrc, Instant now)
    {
        if (now < DueAt)
            return;
        var count = (int)(_highest - _next + 1);
        for (var index = 0; index < count; index++)
            _ordered[index] = _arrivals[(_next + index) % Capacity];
        var written = writer.WriteTransportFeedback(localSsrc, mediaSsrc, _feedbackCount, (ushort)_next, _ordered.AsSpan(0, count));
        if (written > 0)
        {
            _next += written;
            _feedbackCount++;
        }

        DueAt = _next > _highest ? Instant.Never : now + Interval;
    }
}
