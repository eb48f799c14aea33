using System.Buffers.Binary;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Rtcp;

namespace MediaScore.Peers.Sessions;

/// <summary>
/// RFC 3611: a receiver that sends no media asks for the round trip by its reference time (4.4); a sender answers with the time since (4.5), as browsers do in
/// their next report.
/// </summary>
internal sealed class ExtendedReports
{
    private const byte PacketType = 207;
    private const byte ReferenceTime = 4;
    private const byte Delays = 5;
    private const int Length = 8 + 4 + 12;

    private uint _receiverSsrc;
    private uint _lastReference;
    private Instant _receivedAt;
    private bool _asked;

    public void Read(in RtcpBlock block, Instant now)
    {
        if (block.PacketType != PacketType || block.Body.Length < 16 || block.Body[4] != ReferenceTime)
            return;
        _receiverSsrc = BinaryPrimitives.ReadUInt32BigEndian(block.Body);
        // The middle 32 bits of the NTP timestamp.
        _lastReference = BinaryPrimitives.ReadUInt32BigEndian(block.Body[10..]);
        _receivedAt = now;
        _asked = true;
    }

    /// <returns>Bytes written; 0 where nobody asked.</returns>
    public int Write(Span<byte> packet, uint localSsrc, Instant now)
    {
        if (!_asked)
            return 0;
        _asked = false;
        packet[0] = 0x80;
        packet[1] = PacketType;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (Length / 4) - 1);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], localSsrc);
        packet[8] = Delays;
        packet[9] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], 3);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], _receiverSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], _lastReference);
        BinaryPrimitives.WriteUInt32BigEndian(packet[20..], NtpTime.ToCompact(now - _receivedAt));
        return Length;
    }
}
