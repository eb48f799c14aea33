using System.Text;
using MediaScore.TestMedia;
using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Tests.Rtcp;

/// <summary>Packets that another stack's tests keep (aiortc), from real calls.</summary>
public sealed class RealRtcpTests
{
    [Fact]
    public void Reports_are_read()
    {
        var sender = ReadOne("rtcp_sr.bin").SenderReport;
        sender.Ssrc.ShouldBe(1831097322u);
        sender.Ntp.Value.ShouldBe(16016567581311369308);
        sender.RtpTimestamp.ShouldBe(1722342718u);
        sender.PacketCount.ShouldBe(269u);
        sender.OctetCount.ShouldBe(13557u);
        sender.Reports[0].ShouldBe(new ReportBlock(2398654957, 0, 0, 246, 127, 0, 0));

        var receiver = ReadOne("rtcp_rr.bin").ReceiverReport;
        receiver.Ssrc.ShouldBe(817267719u);
        receiver.Reports[0].ShouldBe(new ReportBlock(1200895919, 0, 0, 630, 1906, 0, 0));
    }

    [Fact]
    public void A_source_description_is_read()
    {
        var items = ReadOne("rtcp_sdes.bin").Sdes;

        items.TryRead(out var ssrc, out var type, out var value).ShouldBeTrue();

        ssrc.ShouldBe(1831097322u);
        type.ShouldBe(SdesItems.Cname);
        Encoding.UTF8.GetString(value).ShouldBe("{63f459ea-41fe-4474-9d33-9707c9ee79d1}");
        items.TryRead(out _, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Feedback_is_read()
    {
        var nack = ReadOne("rtcp_rtpfb.bin").Nack;
        var lost = new List<ushort>();
        foreach (var sequence in nack)
            lost.Add(sequence);
        nack.SenderSsrc.ShouldBe(2336520123u);
        nack.MediaSsrc.ShouldBe(4145934052u);
        lost.ShouldBe([12, 32, 39, 54, 76, 110, 123, 142, 183, 187, 223, 236, 271, 292]);

        var loss = ReadOne("rtcp_psfb_pli.bin").Pli;
        loss.SenderSsrc.ShouldBe(1414554213u);
        loss.MediaSsrc.ShouldBe(587284409u);
    }

    [Theory]
    [InlineData("rtcp_bye.bin", 1)]
    [InlineData("rtcp_bye_no_sources.bin", 0)]
    [InlineData("rtcp_bye_padding.bin", 0)]
    public void Goodbyes_are_read(string file, int sourceCount) => ReadOne(file).Bye.SourceCount.ShouldBe(sourceCount);

    [Theory]
    [InlineData("rtcp_bye_invalid.bin")]
    [InlineData("rtcp_psfb_invalid.bin")]
    [InlineData("rtcp_rr_invalid.bin")]
    [InlineData("rtcp_rtpfb_invalid.bin")]
    [InlineData("rtcp_sdes_item_truncated.bin")]
    [InlineData("rtcp_sdes_source_truncated.bin")]
    [InlineData("rtcp_sr_invalid.bin")]
    public void Broken_ones_are_malformed(string file)
    {
        var reader = new RtcpReader(Read(file));

        reader.TryRead(out var block).ShouldBeTrue();

        block.Kind.ShouldBe(RtcpKind.Malformed);
    }

    private static RtcpBlock ReadOne(string file)
    {
        var reader = new RtcpReader(Read(file));
        reader.TryRead(out var block).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeFalse();
        reader.Truncated.ShouldBeFalse();
        return block;
    }

    private static byte[] Read(string file)
    {
        var path = SharedTestData.TryFind("webrtc", "packets", file);
        Assert.SkipWhen(path is null, SharedTestData.SkipReason);
        return File.ReadAllBytes(path!);
    }
}
