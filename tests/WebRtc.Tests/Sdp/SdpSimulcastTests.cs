using MediaScore.WebRtc.Sdp;

namespace MediaScore.WebRtc.Tests.Sdp;

public sealed class SdpSimulcastTests
{
    private const string RidExtension = "a=extmap:10 " + ExtensionChoice.Rid + "\r\n";

    [Fact]
    public void Of_three_encodings_of_a_browser_the_middle_one_is_answered()
    {
        foreach (var offer in new[] { SdpOffers.Simulcast, SdpOffers.FirefoxSimulcast })
        {
            var (session, answer, _) = SdpOffers.Accept(offer);

            session.Media[1].Rid.ShouldBe("h");
            answer.Media[1].Attributes.All("rid").ShouldBe(["h recv"]);
            answer.Media[1].Attributes.Find("simulcast").ShouldBe("recv h");
            // Sources of all layers may be listed; which is which, only the packets say.
            session.Media[1].Ssrc.ShouldBeNull();
            session.Media[1].RtxSsrc.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("a=rid:a send\r\na=rid:b send\r\na=simulcast:send a;b\r\n", "b")]
    [InlineData("a=rid:a send\r\na=simulcast:send a\r\n", "a")]
    // With sizes: the smallest that shows a face.
    [InlineData("a=rid:a send max-width=1280;max-height=720\r\na=rid:b send max-height=360\r\na=rid:c send max-height=180\r\na=simulcast:send a;b;c\r\n", "b")]
    [InlineData("a=rid:a send max-height=90\r\na=rid:b send max-height=180\r\na=simulcast:send a;b\r\n", "b")]
    // Alternatives, paused ones, received ones, ones for another codec, unknown ones.
    [InlineData("a=rid:a send\r\na=rid:b send\r\na=rid:c send\r\na=simulcast:send a,b;~c recv d\r\n", "a")]
    [InlineData("a=rid:r recv\r\na=rid:a send\r\na=simulcast:recv r send a\r\n", "a")]
    [InlineData("a=rid:a send pt=97\r\na=rid:b send pt=97,96\r\na=simulcast:send a;b\r\n", "b")]
    [InlineData("a=rid:a send\r\na=simulcast:send x;a;y\r\n", "a")]
    public void One_layer_is_answered(string lines, string expected) =>
        SdpOffers.Accept(SdpOffers.Small + RidExtension + lines).Session.Media[1].Rid.ShouldBe(expected);

    [Theory]
    [InlineData("a=rid:a send\r\na=rid:b send\r\na=simulcast:send a;b\r\n")]
    [InlineData(RidExtension + "a=rid:a send\r\na=rid:b send\r\n")]
    [InlineData(RidExtension + "a=simulcast:send a;b\r\n")]
    [InlineData(RidExtension + "a=rid:a recv\r\na=simulcast:recv a\r\n")]
    [InlineData(RidExtension + "a=rid:a send\r\na=simulcast: send rid=a\r\n")]
    [InlineData(RidExtension + "a=rid:a:b send\r\na=simulcast:send a:b\r\n")]
    [InlineData(RidExtension + "a=rid:a send pt=97\r\na=simulcast:send a\r\n")]
    [InlineData(RidExtension + "a=rid:a send\r\na=simulcast:send\r\n")]
    public void What_cannot_be_told_apart_is_answered_plainly(string lines)
    {
        var (session, answer, _) = SdpOffers.Accept(SdpOffers.Small + lines);

        session.Media[1].Rid.ShouldBeNull();
        answer.Media[1].Attributes.Has("simulcast").ShouldBeFalse();
    }
}
