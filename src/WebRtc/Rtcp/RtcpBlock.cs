using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtcp;

/// <summary>
/// One RTCP packet, checked: a view that fits <see cref="Kind"/> reads nothing that is not there. Ask for the view of that kind only. Borrows the datagram.
/// </summary>
internal readonly ref struct RtcpBlock
{
    private const int HeaderLength = 4;

    private RtcpBlock(RtcpKind kind, byte packetType, byte format, ReadOnlySpan<byte> body)
    {
        Kind = kind;
        PacketType = packetType;
        Format = format;
        Body = body;
    }

    public RtcpKind Kind { get; }

    public byte PacketType { get; }

    /// <summary>The five bits of the header: a count of reports or sources, or the format of a feedback message.</summary>
    public byte Format { get; }

    /// <summary>Behind the four bytes of the header, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; }

    public SenderReport SenderReport => new(Body, Format);

    public ReceiverReport ReceiverReport => new(Body, Format);

    public SdesItems Sdes => new(Body, Format);

    public Bye Bye => new(Body, Format);

    public Nack Nack => new(Body);

    public PictureLoss Pli => new(Body);

    public FullIntraRequest Fir => new(Body);

    public Remb Remb => new(Body);

    public TransportFeedback TransportFeedback => new(Body);

    /// <param name="packet">Whole, of the length that its header states.</param>
    internal static RtcpBlock Create(ReadOnlySpan<byte> packet)
    {
        var format = (byte)(packet[0] & 0x1F);
        var body = packet[HeaderLength..];
        if ((packet[0] & 0x20) != 0)
        {
            // Its count is in the last byte, and a multiple of four (RFC 3550, 6.4.1).
            var padding = body.IsEmpty ? 0 : body[^1];
            if (padding == 0 || padding % 4 != 0 || padding > body.Length)
                return new RtcpBlock(RtcpKind.Malformed, packet[1], format, default);
            body = body[..^padding];
        }

        var (kind, fits) = Classify(packet[1], format, body);
        return new RtcpBlock(fits ? kind : RtcpKind.Malformed, packet[1], format, body);
    }

    private static (RtcpKind Kind, bool Fits) Classify(byte packetType, byte format, ReadOnlySpan<byte> body) => packetType switch
    {
        RtcpPacketTypes.SenderReport => (RtcpKind.SenderReport, body.Length >= SenderReport.FixedLength + (format * ReportBlock.Length)),
        RtcpPacketTypes.ReceiverReport => (RtcpKind.ReceiverReport, body.Length >= 4 + (format * ReportBlock.Length)),
        RtcpPacketTypes.Sdes => (RtcpKind.Sdes, SdesItems.Fits(body, format)),
        RtcpPacketTypes.Bye => (RtcpKind.Bye, Bye.Fits(body, format)),
        RtcpPacketTypes.TransportFeedback => format switch
        {
            RtcpPacketTypes.NackFormat => (RtcpKind.Nack, body.Length >= 12 && body.Length % 4 == 0),
            RtcpPacketTypes.TransportWideFormat => (RtcpKind.TransportFeedback, TransportFeedback.Fits(body)),
            _ => (RtcpKind.Other, true),
        },
        RtcpPacketTypes.PayloadFeedback => format switch
        {
            RtcpPacketTypes.PliFormat => (RtcpKind.Pli, body.Length >= 8),
            RtcpPacketTypes.FirFormat => (RtcpKind.Fir, body.Length >= 16 && body.Length % 8 == 0),
            RtcpPacketTypes.ApplicationLayerFormat when body.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(body[8..]) == RtcpPacketTypes.RembIdentifier =>
                (RtcpKind.Remb, Remb.Fits(body)),
            _ => (RtcpKind.Other, true),
        },
        _ => (RtcpKind.Other, true),
    };
}
