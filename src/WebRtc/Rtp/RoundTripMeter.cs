using System.Buffers.Binary;
using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// The round trip as a receiver can know it, who sends no media: by extended reports (RFC 3611, 4.4 and 4.5: our reference time, and the peer's answer to it),
/// which browsers answer; else by how long a retransmission takes to come.
/// </summary>
internal sealed class RoundTripMeter
{
    /// <summary>Of the packet that <see cref="WriteReferenceTime"/> writes.</summary>
    public const int ReferenceTimeLength = 20;

    private const byte ExtendedReport = 207;
    private const byte ReceiverReferenceTime = 4;
    private const byte DelaySinceReceiverReport = 5;

    // A peer that has not answered as many never will.
    private const int MaxUnanswered = 5;

    private static readonly TimeSpan Implausible = TimeSpan.FromSeconds(10);

    private int _unanswered;
    private bool _isAnswered;

    /// <summary>Smoothed; null until it is known.</summary>
    public TimeSpan? Value { get; private set; }

    public bool WantsReferenceTime => _unanswered < MaxUnanswered;

    /// <summary>A request for a packet was answered after this time, which includes the sender's own.</summary>
    public void OnRetransmission(TimeSpan sample)
    {
        if (!_isAnswered)
            Add(sample);
    }

    /// <summary>Any clock will do, as only we read it.</summary>
    public void WriteReferenceTime(Span<byte> packet, uint localSsrc, Instant now)
    {
        _unanswered++;
        packet[0] = 0x80;
        packet[1] = ExtendedReport;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], ReferenceTimeLength / 4 - 1);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], localSsrc);
        packet[8] = ReceiverReferenceTime;
        packet[9] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], 2);
        BinaryPrimitives.WriteUInt64BigEndian(packet[12..], NtpTime.FromUnixMicroseconds(now.Microseconds).Value);
    }

    /// <summary>Reads a packet without a typed view; what is no extended report for us is left alone.</summary>
    public void Read(in RtcpBlock packet, uint localSsrc, Instant now)
    {
        if (packet.PacketType != ExtendedReport || packet.Body.Length < 4)
            return;
        for (var rest = packet.Body[4..]; rest.Length >= 4;)
        {
            var length = 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
            if (length > rest.Length)
                return;
            if (rest[0] == DelaySinceReceiverReport)
                ReadDelays(rest[4..length], localSsrc, now);
            rest = rest[length..];
        }
    }

    private void ReadDelays(ReadOnlySpan<byte> entries, uint localSsrc, Instant now)
    {
        for (; entries.Length >= 12; entries = entries[12..])
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(entries) != localSsrc)
                continue;
            var (last, delay) = (BinaryPrimitives.ReadUInt32BigEndian(entries[4..]), BinaryPrimitives.ReadUInt32BigEndian(entries[8..]));
            if (last == 0)
                continue;
            var span = NtpTime.FromUnixMicroseconds(now.Microseconds).Compact - last - delay;
            (_isAnswered, _unanswered) = (true, 0);

            // A peer that rounds its delay up may answer before it was asked; the difference wraps then.
            Add(span > int.MaxValue ? TimeSpan.Zero : NtpTime.FromCompact(span));
        }
    }

    private void Add(TimeSpan sample)
    {
        if (sample > Implausible)
            return;
        Value = Value is { } value ? value + (sample - value) / 8 : sample;
    }
}
