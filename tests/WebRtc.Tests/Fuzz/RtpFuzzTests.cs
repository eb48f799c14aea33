using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Fuzz;

public sealed class RtpFuzzTests
{
    // CSRCs, one-byte extensions and padding; two-byte extensions.
    private static readonly List<byte[]> Own =
    [
        Convert.FromHexString("B2E01234010203040A0B0C0D1111111122222222BEDE000310A121B1B2000033C1C2C3C4AABBCC000003"),
        Convert.FromHexString("90E01234010203040A0B0C0D1000000301000201B100000303C1C2C3AABBCC"),
        Convert.FromHexString("A0E01234010203040A0B0C0D0000000000000008"),
    ];

    [Fact]
    public void Every_changed_packet_is_read_within_its_bytes_or_refused()
    {
        var readCount = 0;
        FuzzCases.Run([.. Own, .. FuzzCases.Corpus("*", "corpus/rtp"), .. FuzzCases.Corpus("rtp*.bin", "packets")], 2_048, (buffer, length) =>
        {
            var datagram = buffer.AsSpan(0, length);
            var read = RtpPacket.TryParse(datagram, out var packet);
            var headerRead = RtpPacket.TryParseProtected(datagram, out var header);
            headerRead.ShouldBe(RtpPacket.TryReadHeaderLength(datagram, out var headerLength));
            if (!read)
                return;
            readCount++;
            headerRead.ShouldBeTrue();
            headerLength.ShouldBe(packet.HeaderLength);
            header.Payload.Length.ShouldBe(packet.Payload.Length + packet.PaddingLength);
            (packet.HeaderLength + packet.Payload.Length + packet.PaddingLength).ShouldBe(length);
            for (var i = 0; i < packet.CsrcCount; i++)
                packet.GetCsrc(i);
            for (var id = 0; id <= byte.MaxValue; id++)
            {
                if (packet.TryGetExtension((byte)id, out var value))
                    value.Overlaps(packet.Payload).ShouldBeFalse();
            }
        });

        // Else the changes were too many to say anything.
        readCount.ShouldBeGreaterThan(FuzzCases.Count / 10);
    }
}
