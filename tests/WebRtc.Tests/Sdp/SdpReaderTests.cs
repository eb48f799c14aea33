using System.Text;
using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Tests.Sdp;

public sealed class SdpReaderTests
{
    private const string Head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void Lines_end_with_or_without_carriage_return(string lineEnd)
    {
        SdpReader.TryRead(SdpOffers.Small.ReplaceLineEndings(lineEnd), fragment: false, out var description, out _, out _).ShouldBeTrue();

        description.Media.Select(section => section.Mid).ShouldBe(["0", "1"]);
        description.Media[0].Attributes.Find("rtpmap").ShouldBe("111 opus/48000/2");
    }

    [Fact]
    public void Unknown_lines_are_left_out_and_candidates_only_counted()
    {
        var text = Head + "x=whatever\r\nb=AS:1\r\na=unknown:value\r\nm=audio 9 RTP/SAVPF 111\r\na=candidate:1 1 udp 1 198.51.100.77 9 typ host\r\n"
            + "a=candidate:2 1 udp 1 9b36eaac.local 9 typ host\r\na=fmtp:111 x\r\n";

        SdpReader.TryRead(text, fragment: false, out var description, out var candidateCount, out _).ShouldBeTrue();

        candidateCount.ShouldBe(2);
        description.Attributes.Count.ShouldBe(0);
        description.Media.Single().Attributes.Count.ShouldBe(1);
    }

    public static TheoryData<string, string> TooMuch() => new()
    {
        { Head + new string('\n', SdpReader.MaxLineCount), $"more than {SdpReader.MaxLineCount} lines" },
        { Head + "a=" + new string('x', SdpReader.MaxLineLength), $"at most {SdpReader.MaxLineLength}" },
        { new string('v', SdpReader.MaxLength + 1), $"at most {SdpReader.MaxLength}" },
        { Head + Repeat("m=audio 9 RTP/SAVPF 0\n", SdpReader.MaxSectionCount + 1), $"more than {SdpReader.MaxSectionCount} media sections" },
        { Head + Repeat("a=ssrc:1\n", SdpReader.MaxAttributeCount + 1), $"more than {SdpReader.MaxAttributeCount} attributes" },
        { Head + "m=audio 9 RTP/SAVPF" + Repeat(" 0", SdpReader.MaxFormatCount + 1), "not a media line" },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public void Every_bound_refuses_what_is_over_it_and_names_itself(string text, string expected)
    {
        SdpReader.TryRead(text, fragment: false, out _, out _, out var error).ShouldBeFalse();

        error.ShouldContain(expected);
    }

    [Fact]
    public void What_is_just_within_the_bounds_is_read()
    {
        var text = Head + Repeat("m=audio 9 RTP/SAVPF" + Repeat(" 0", 100) + "\n", SdpReader.MaxSectionCount) + Repeat("a=ssrc:1\n", SdpReader.MaxAttributeCount);

        SdpReader.TryRead(text, fragment: false, out var description, out _, out var error).ShouldBeTrue(error);

        description.Media.Count.ShouldBe(SdpReader.MaxSectionCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("hello")]
    [InlineData("{\"sdp\":\"v=0\"}")]
    [InlineData("v=1\r\n")]
    [InlineData("s=-\r\nv=0\r\n")]
    [InlineData(Head + "m=audio\r\n")]
    [InlineData(Head + "m=audio 9 RTP/SAVPF\r\n")]
    [InlineData(Head + "m=audio 65536 RTP/SAVPF 0\r\n")]
    [InlineData(Head + "m=audio -1 RTP/SAVPF 0\r\n")]
    [InlineData(Head + "m=au/dio 9 RTP/SAVPF 0\r\n")]
    [InlineData(Head + "m=audio 9 RTP//SAVPF 0\r\n")]
    [InlineData(Head + "m=audio 9 RTP/SAVPF 0,1\r\n")]
    [InlineData(Head + "a=mid:0\r\n")]
    [InlineData(Head + "m=audio 9 RTP/SAVPF 0\r\na=mid:0 1\r\n")]
    [InlineData(Head + "m=audio 9 RTP/SAVPF 0\r\na=mid\r\n")]
    [InlineData(Head + "m=audio 9 RTP/SAVPF 0\r\na=mid:0\r\na=mid:1\r\n")]
    [InlineData(Head + "m=audio 9 RTP/SAVPF 0\r\na=mid:0\r\nm=video 9 RTP/SAVPF 0\r\na=mid:0\r\n")]
    [InlineData(Head + "A=mid:0\r\n")]
    [InlineData(Head + "a mid\r\n")]
    [InlineData(Head + "a=mid:0\rm=audio\r\n")]
    [InlineData(Head + "a=tool:\0\r\n")]
    [InlineData(Head + "s=\u0085\r\n")]
    public void What_is_not_SDP_is_refused(string text)
    {
        SdpReader.TryRead(text, fragment: false, out _, out _, out var error).ShouldBeFalse();

        error.ShouldNotBeEmpty();
        SdpOffers.Refuse(text, SdpRefusal.BadSyntax).ShouldBe(error);
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
