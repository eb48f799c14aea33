using System.Text;
using MediaScore.WebRtc.Sdp;
using MediaScore.WebRtc.Tests.Sdp;

namespace MediaScore.WebRtc.Tests.Fuzz;

public sealed class SdpFuzzTests
{
    private static readonly List<byte[]> Seeds =
    [
        Encoding.UTF8.GetBytes(SdpOffers.Chromium), Encoding.UTF8.GetBytes(SdpOffers.Firefox), Encoding.UTF8.GetBytes(SdpOffers.Simulcast),
        .. FuzzCases.Corpus("*.sdp", "sdp", "corpus/sdp"),
    ];

    [Fact]
    public void Every_changed_offer_is_answered_or_refused()
    {
        // Negotiating takes some ten times as long as a packet.
        var every = 0;
        FuzzCases.Run(Seeds, 32 * 1024, (buffer, length) =>
        {
            if (++every % 4 != 0)
                return;
            var offer = Encoding.Latin1.GetString(buffer, 0, length);
            var result = SdpNegotiator.Answer(offer, SdpOffers.Parameters);

            (result.Session is null).ShouldBe(result.Refusal != SdpRefusal.None);
            if (result.Session is null)
            {
                result.Message.ShouldNotBeEmpty();
                result.Answer.ShouldBeNull();
                return;
            }

            // What an offer says must not become lines of the answer, and every section has its own.
            SdpReader.TryRead(result.Answer!, fragment: false, out var answer, out _, out var error).ShouldBeTrue(error);
            SdpReader.TryRead(offer, fragment: false, out var read, out _, out _).ShouldBeTrue();
            answer.Media.Count.ShouldBe(read.Media.Count);
            answer.Media.Count(section => !section.Disabled).ShouldBe(result.Session.Media.Count);
            answer.Media.Where(section => section.Attributes.Has("fingerprint")).ShouldAllBe(section => section.Attributes.Find("fingerprint") == "sha-256 " + SdpOffers.LocalFingerprint);
            answer.Media.Where(section => section.Attributes.Has("ice-ufrag")).ShouldAllBe(section => section.Attributes.All("ice-ufrag").Single() == SdpOffers.LocalIce.UserFragment);
        });
    }

    [Fact]
    public void Every_changed_fragment_is_read_or_refused()
    {
        List<byte[]> seeds = [Encoding.UTF8.GetBytes(IceFragmentTests.Trickle), Encoding.UTF8.GetBytes(IceFragmentTests.Restart), .. Seeds.Take(3)];

        FuzzCases.Run(seeds, 4 * 1024, (buffer, length) =>
        {
            if (!IceFragment.TryParse(Encoding.Latin1.GetString(buffer, 0, length), out var content) || content.Credentials is not { } credentials)
                return;
            SdpToken.IsIceUserFragment(credentials.UserFragment).ShouldBeTrue();
            SdpToken.IsIcePassword(credentials.Password).ShouldBeTrue();
        });
    }
}
