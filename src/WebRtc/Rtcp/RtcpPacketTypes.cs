namespace MediaScore.WebRtc.Rtcp;

/// <summary>Numbers of the wire.</summary>
internal static class RtcpPacketTypes
{
    public const byte SenderReport = 200;
    public const byte ReceiverReport = 201;
    public const byte Sdes = 202;
    public const byte Bye = 203;
    public const byte TransportFeedback = 205;
    public const byte PayloadFeedback = 206;

    public const byte NackFormat = 1;
    public const byte TransportWideFormat = 15;
    public const byte PliFormat = 1;
    public const byte FirFormat = 4;
    public const byte ApplicationLayerFormat = 15;

    /// <summary>"REMB": what makes an application layer message one.</summary>
    public const uint RembIdentifier = 0x52454D42;

    /// <summary>Which of the two a datagram from 128 to 191 (RFC 7983) is: RTP has no payload types 64 to 95 here (RFC 5761, 4).</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> datagram) => datagram.Length >= 2 && datagram[1] is >= 192 and <= 223;
}
