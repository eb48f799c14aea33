using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Tests.Rtcp;

/// <summary>Packets made by hand from the figures of the RFCs.</summary>
public sealed class RtcpReaderTests
{
    private const string ReportBlockHex = "0A0B0C0D" + "40FFFFFE" + "00021234" + "00000050" + "B7052000" + "00054000";

    [Fact]
    public void A_sender_report_is_read()
    {
        var block = ReadOne("81C8000C" + "01020304" + "B44DB70520000000" + "11111111" + "00000007" + "00000900" + ReportBlockHex);

        block.Kind.ShouldBe(RtcpKind.SenderReport);
        var report = block.SenderReport;
        report.Ssrc.ShouldBe(0x01020304u);
        report.Ntp.ShouldBe(new NtpTime(0xB44D_B705_2000_0000));
        report.RtpTimestamp.ShouldBe(0x11111111u);
        report.PacketCount.ShouldBe(7u);
        report.OctetCount.ShouldBe(0x900u);
        report.Reports.Count.ShouldBe(1);
        report.Reports[0].ShouldBe(new ReportBlock(0x0A0B0C0D, 0x40, -2, 0x21234, 0x50, 0xB705_2000, 0x0005_4000));
    }

    [Fact]
    public void A_receiver_report_is_read_and_what_follows_its_blocks_is_passed_over()
    {
        var block = ReadOne("81C90008" + "01020304" + ReportBlockHex + "DEADBEEF");

        block.Kind.ShouldBe(RtcpKind.ReceiverReport);
        block.ReceiverReport.Ssrc.ShouldBe(0x01020304u);
        block.ReceiverReport.Reports.Count.ShouldBe(1);
        block.ReceiverReport.Reports[0].CumulativeLost.ShouldBe(-2);
    }

    /// <summary>RFC 3550, 6.5: items, and null bytes up to the word; one more word of them where the items end with one.</summary>
    [Fact]
    public void A_source_description_of_two_chunks_is_read()
    {
        var block = ReadOne("82CA0006" + "00000001" + "0102" + "6162" + "0201" + "63" + "00" + "00000002" + "0102" + "6465" + "00000000");
        block.Kind.ShouldBe(RtcpKind.Sdes);
        var items = block.Sdes;
        var read = new List<string>();

        while (items.TryRead(out var ssrc, out var type, out var value))
            read.Add($"{ssrc} {type} {System.Text.Encoding.UTF8.GetString(value)}");

        read.ShouldBe(["1 1 ab", "1 2 c", "2 1 de"]);
    }

    [Fact]
    public void A_goodbye_is_read_with_its_reason()
    {
        var block = ReadOne("82CB0004" + "00000001" + "00000002" + "05" + "636C6F7365" + "0000");

        block.Kind.ShouldBe(RtcpKind.Bye);
        block.Bye.SourceCount.ShouldBe(2);
        block.Bye.GetSource(1).ShouldBe(2u);
        block.Bye.Reason.SequenceEqual("close"u8).ShouldBeTrue();
        ReadOne("81CB0001" + "00000001").Bye.Reason.IsEmpty.ShouldBeTrue();
        ReadOne("80CB0000").Bye.SourceCount.ShouldBe(0);
    }

    [Fact]
    public void A_NACK_names_the_packets_of_its_masks_over_the_wrap_too()
    {
        var block = ReadOne("81CD0004" + "00000001" + "00000002" + "FFFE8001" + "00640000");
        block.Kind.ShouldBe(RtcpKind.Nack);
        var lost = new List<ushort>();

        foreach (var sequence in block.Nack)
            lost.Add(sequence);

        block.Nack.SenderSsrc.ShouldBe(1u);
        block.Nack.MediaSsrc.ShouldBe(2u);
        lost.ShouldBe([65_534, 65_535, 14, 100]);
    }

    [Fact]
    public void Key_frame_requests_are_read()
    {
        var loss = ReadOne("81CE0002" + "00000001" + "00000002");
        var intra = ReadOne("84CE0004" + "00000001" + "00000000" + "00000002" + "2A000000");

        loss.Kind.ShouldBe(RtcpKind.Pli);
        loss.Pli.MediaSsrc.ShouldBe(2u);
        intra.Kind.ShouldBe(RtcpKind.Fir);
        intra.Fir.EntryCount.ShouldBe(1);
        intra.Fir.GetEntry(0).ShouldBe((2u, (byte)42));
    }

    [Theory]
    [InlineData("01" + "06" + "8000", 0x28000UL << 1)] // exponent 1, mantissa 0x28000
    [InlineData("01" + "03" + "FFFF", 0x3FFFFUL)]
    [InlineData("01" + "00" + "0000", 0UL)]
    [InlineData("01" + "FC" + "0000", 0UL)] // exponent 63 of nothing
    [InlineData("01" + "FC" + "0001", 1UL << 63)]
    [InlineData("01" + "FC" + "0002", ulong.MaxValue)] // more than 64 bits
    public void A_bitrate_is_read(string rate, ulong expected)
    {
        var block = ReadOne("8FCE0005" + "00000001" + "00000000" + "52454D42" + rate + "00000002");

        block.Kind.ShouldBe(RtcpKind.Remb);
        block.Remb.BitrateBps.ShouldBe(expected);
        block.Remb.SourceCount.ShouldBe(1);
        block.Remb.GetSource(0).ShouldBe(2u);
    }

    [Fact]
    public void Padding_is_left_out()
    {
        ReadOne("A1CB0002" + "00000001" + "00000004").Bye.SourceCount.ShouldBe(1);
        ReadOne("A0CB0001" + "04040404").Kind.ShouldBe(RtcpKind.Bye);
    }

    [Theory]
    [InlineData("A0CB0000")] // no byte to count it
    [InlineData("A0CB0001" + "00000000")]
    [InlineData("A0CB0001" + "00000008")]
    [InlineData("A0CB0001" + "00000003")]
    [InlineData("81C80005" + "01020304" + "B44DB70520000000" + "11111111" + "00000007")] // a report without its last counter
    [InlineData("81C80006" + "01020304" + "B44DB70520000000" + "11111111" + "00000007" + "00000900")] // without the block that it counts
    [InlineData("81C90001" + "01020304")]
    [InlineData("80C90000")]
    [InlineData("81CA0000")] // a chunk that is not there
    [InlineData("81CA0001" + "00000001")] // a chunk without an end
    [InlineData("81CA0002" + "00000001" + "01096162")] // an item longer than the chunk
    [InlineData("81CA0002" + "00000001" + "01026162")] // no null behind the item
    [InlineData("82CB0001" + "00000001")]
    [InlineData("81CB0002" + "00000001" + "05636C6F")]
    [InlineData("81CD0002" + "00000001" + "00000002")] // a NACK for nothing
    [InlineData("81CE0001" + "00000001")]
    [InlineData("84CE0002" + "00000001" + "00000000")]
    [InlineData("84CE0003" + "00000001" + "00000000" + "00000002")]
    [InlineData("8FCE0003" + "00000001" + "00000000" + "52454D42")]
    [InlineData("8FCE0004" + "00000001" + "00000000" + "52454D42" + "01000000")]
    public void A_packet_that_is_too_short_for_what_it_says_is_malformed_and_the_next_one_is_read(string hex)
    {
        var reader = new RtcpReader(Convert.FromHexString(hex + "81CE0002" + "00000001" + "00000002"));

        reader.TryRead(out var first).ShouldBeTrue();
        reader.TryRead(out var second).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeFalse();

        first.Kind.ShouldBe(RtcpKind.Malformed);
        second.Kind.ShouldBe(RtcpKind.Pli);
        reader.Truncated.ShouldBeFalse();
    }

    [Theory]
    [InlineData("80CC0001" + "00000001", 204)] // APP
    [InlineData("80CF0001" + "00000001", 207)] // XR
    [InlineData("8ACD0002" + "00000001" + "00000002", 205)] // a format that is not ours
    [InlineData("8FCE0003" + "00000001" + "00000002" + "58585858", 206)] // an application layer message, not REMB
    [InlineData("80000000", 0)]
    public void A_packet_of_another_kind_is_passed_over(string hex, byte packetType)
    {
        var reader = new RtcpReader(Convert.FromHexString(hex + "81CB0001" + "00000001"));

        reader.TryRead(out var first).ShouldBeTrue();
        reader.TryRead(out var second).ShouldBeTrue();

        first.Kind.ShouldBe(RtcpKind.Other);
        first.PacketType.ShouldBe(packetType);
        second.Kind.ShouldBe(RtcpKind.Bye);
    }

    [Theory]
    [InlineData("81CE")]
    [InlineData("81CE0003" + "00000001" + "00000002")] // a length beyond the datagram
    [InlineData("81CEFFFF" + "00000001" + "00000002")]
    [InlineData("01CE0002" + "00000001" + "00000002")] // version 0
    public void A_lying_length_or_version_ends_the_walk(string hex)
    {
        var reader = new RtcpReader(Convert.FromHexString("81CB0001" + "00000001" + hex));

        reader.TryRead(out var first).ShouldBeTrue();
        first.Kind.ShouldBe(RtcpKind.Bye);
        reader.TryRead(out _).ShouldBeFalse();
        reader.TryRead(out _).ShouldBeFalse();

        reader.Truncated.ShouldBeTrue();
    }

    [Theory]
    [InlineData("80C8", true)]
    [InlineData("81CE", true)]
    [InlineData("80DF", true)]
    [InlineData("80BF", false)]
    [InlineData("80E0", false)] // RTP, payload type 96 with the marker
    [InlineData("8060", false)]
    [InlineData("80", false)]
    public void RTCP_and_RTP_are_told_apart(string hex, bool expected) => RtcpPacketTypes.IsRtcp(Convert.FromHexString(hex)).ShouldBe(expected);

    private static RtcpBlock ReadOne(string hex)
    {
        var reader = new RtcpReader(Convert.FromHexString(hex));
        reader.TryRead(out var block).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeFalse();
        reader.Truncated.ShouldBeFalse();
        return block;
    }
}
