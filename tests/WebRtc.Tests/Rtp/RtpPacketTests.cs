using MediaScore.TestMedia;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

public sealed class RtpPacketTests
{
    // V 2, PT 96 with the marker, 0x1234, 0x01020304, 0x0A0B0C0D; made by hand from the figure of RFC 3550, 5.1.
    private const string FixedHeader = "80E01234010203040A0B0C0D";

    [Fact]
    public void The_fixed_header_is_read()
    {
        RtpPacket.TryParse(Convert.FromHexString(FixedHeader + "AABBCC"), out var packet).ShouldBeTrue();

        packet.Marker.ShouldBeTrue();
        packet.PayloadType.ShouldBe((byte)96);
        packet.SequenceNumber.ShouldBe((ushort)0x1234);
        packet.Timestamp.ShouldBe(0x01020304u);
        packet.Ssrc.ShouldBe(0x0A0B0C0Du);
        packet.CsrcCount.ShouldBe(0);
        packet.HeaderLength.ShouldBe(12);
        packet.PaddingLength.ShouldBe(0);
        packet.Payload.ToArray().ShouldBe([0xAA, 0xBB, 0xCC]);
        packet.TryGetExtension(1, out _).ShouldBeFalse();
    }

    [Fact]
    public void Contributing_sources_come_before_the_payload()
    {
        RtpPacket.TryParse(Convert.FromHexString("82" + FixedHeader[2..] + "11111111" + "22222222" + "AA"), out var packet).ShouldBeTrue();

        packet.CsrcCount.ShouldBe(2);
        packet.GetCsrc(1).ShouldBe(0x22222222u);
        packet.Payload.ToArray().ShouldBe([0xAA]);
    }

    /// <summary>The examples of RFC 8285, 4.2 and 4.3, with content.</summary>
    [Theory]
    [InlineData("BEDE0003" + "10A1" + "21B1B2" + "0000" + "33C1C2C3C4", 1, "A1")]
    [InlineData("BEDE0003" + "10A1" + "21B1B2" + "0000" + "33C1C2C3C4", 2, "B1B2")]
    [InlineData("BEDE0003" + "10A1" + "21B1B2" + "0000" + "33C1C2C3C4", 3, "C1C2C3C4")]
    [InlineData("BEDE0003" + "10A1" + "21B1B2" + "0000" + "33C1C2C3C4", 4, null)]
    [InlineData("BEDE0001" + "10A1" + "F000", 1, "A1")]
    [InlineData("BEDE0002" + "10A1" + "F000" + "20B1" + "0000", 2, null)] // id 15 ends the list
    [InlineData("BEDE0002" + "10A1" + "0100" + "20B1" + "0000", 2, null)] // id 0 with a length ends the list
    [InlineData("BEDE0001" + "13A1A2A3", 1, null)] // longer than the extension
    [InlineData("BEDE0000", 1, null)]
    [InlineData("BEDE0001" + "00000000", 0, null)] // "not negotiated"
    [InlineData("10000003" + "0100" + "0201B1" + "0000" + "0303C1C2C3", 1, "")]
    [InlineData("10000003" + "0100" + "0201B1" + "0000" + "0303C1C2C3", 2, "B1")]
    [InlineData("10000003" + "0100" + "0201B1" + "0000" + "0303C1C2C3", 3, "C1C2C3")]
    [InlineData("100F0001" + "1402A1A2", 20, "A1A2")] // the application's four bits; an id that one byte could not say
    [InlineData("10000001" + "0104A1A2", 1, null)] // longer than the extension
    [InlineData("10000001" + "0000000A", 10, null)] // an id without a length
    [InlineData("ABCD0001" + "10A10000", 1, null)] // an extension of another kind is passed over
    public void Extensions_are_found(string extension, byte id, string? expected)
    {
        var found = RtpPacket.TryParse(Convert.FromHexString("90" + FixedHeader[2..] + extension + "77"), out var packet);

        found.ShouldBeTrue();
        packet.TryGetExtension(id, out var value).ShouldBe(expected is not null);
        Convert.ToHexString(value).ShouldBe(expected ?? "");
        packet.Payload.ToArray().ShouldBe([0x77]);
    }

    [Theory]
    [InlineData("AABB02", "AA")]
    [InlineData("AABB0003", "AA")]
    [InlineData("01", "")] // nothing but padding, as a probe of the way has it
    [InlineData("000000000006", "")]
    public void Padding_is_no_payload(string rest, string expected)
    {
        RtpPacket.TryParse(Convert.FromHexString("A0" + FixedHeader[2..] + rest), out var packet).ShouldBeTrue();

        Convert.ToHexString(packet.Payload).ShouldBe(expected);
        packet.PaddingLength.ShouldBe(Convert.FromHexString(rest)[^1]);
    }

    [Theory]
    [InlineData("A0", "")] // padding, but no byte that counts it: the last of the SSRC is not it
    [InlineData("A0", "AABB00")] // of 0 bytes
    [InlineData("A0", "AABB04")] // more than there is
    [InlineData("A0", "FF")]
    [InlineData("40", "AA")] // version 1
    [InlineData("C0", "AA")] // version 3
    [InlineData("81", "AABBCC")] // a CSRC that is cut
    [InlineData("90", "BEDE00")] // an extension header that is cut
    [InlineData("90", "BEDE0001AABBCC")] // an extension that is cut
    [InlineData("90", "BEDEFFFF00000000")]
    public void What_cannot_be_is_refused(string first, string rest)
    {
        var bytes = Convert.FromHexString(first + FixedHeader[2..] + rest);

        RtpPacket.TryParse(bytes, out var packet).ShouldBeFalse();

        packet.HeaderLength.ShouldBe(0);
        packet.Payload.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Every_cut_of_a_header_is_refused()
    {
        var bytes = Convert.FromHexString("92" + FixedHeader[2..] + "1111111122222222" + "BEDE000110A10000");

        for (var length = 0; length < bytes.Length; length++)
            RtpPacket.TryParse(bytes.AsSpan(0, length), out _).ShouldBeFalse($"{length} bytes");

        RtpPacket.TryParse(bytes, out var packet).ShouldBeTrue();
        packet.Payload.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_protected_packet_shows_its_header_whatever_its_last_byte_is()
    {
        var bytes = Convert.FromHexString("B0" + FixedHeader[2..] + "BEDE000110A10000" + "FFFFFF");

        RtpPacket.TryParse(bytes, out _).ShouldBeFalse();
        RtpPacket.TryParseProtected(bytes, out var packet).ShouldBeTrue();

        packet.TryGetExtension(1, out var value).ShouldBeTrue();
        value.ToArray().ShouldBe([0xA1]);
        packet.Payload.Length.ShouldBe(3);
    }

    /// <summary>Packets that other stacks' tests keep, from real calls.</summary>
    [Theory]
    [InlineData("rtp.bin", 0, 15743, 3937035252u, 4028317929u, 0, 160)]
    [InlineData("rtp_dtmf.bin", 101, 24152, 4021352124u, 2795586802u, 0, 4)]
    [InlineData("rtp_with_csrc.bin", 0, 16082, 144u, 1606227614u, 2, 160)]
    [InlineData("rtp_with_sdes_mid.bin", 111, 14156, 1327210925u, 4084547440u, 0, 54)]
    [InlineData("rtp_only_padding.bin", 120, 27759, 4044047131u, 2837429438u, 0, 0)]
    [InlineData("rtp_only_padding_with_header_extensions.bin", 98, 22138, 3171065731u, 1501474669u, 0, 0)]
    public void Real_packets_are_read(string file, byte payloadType, int sequence, uint timestamp, uint ssrc, int csrcCount, int payloadLength)
    {
        Assert.SkipWhen(SharedTestData.TryFind("webrtc", "packets", file) is null, SharedTestData.SkipReason);
        var bytes = File.ReadAllBytes(SharedTestData.TryFind("webrtc", "packets", file)!);

        RtpPacket.TryParse(bytes, out var packet).ShouldBeTrue();

        packet.PayloadType.ShouldBe(payloadType);
        packet.SequenceNumber.ShouldBe((ushort)sequence);
        packet.Timestamp.ShouldBe(timestamp);
        packet.Ssrc.ShouldBe(ssrc);
        packet.CsrcCount.ShouldBe(csrcCount);
        packet.Payload.Length.ShouldBe(payloadLength);
        if (file == "rtp_with_sdes_mid.bin")
        {
            packet.TryGetExtension(9, out var mid).ShouldBeTrue();
            mid.SequenceEqual("0"u8).ShouldBeTrue();
        }
    }
}
