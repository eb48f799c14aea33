using System.Text;
using MediaScore.WebRtc.Sdp;
using MediaScore.WebRtc.Tests.Sdp;

namespace MediaScore.WebRtc.Tests.Fuzz;

public sealed class SdpFuzzTests
{
    private static readonly List<byte[]> Seeds =
    [
        Encoding.UTF8.GetBytes(SdpOffers.Chromium), Encoding.UTF8.GetBytes(SdpOffers.FirefoxSimulcast), Encoding.UTF8.GetBytes(SdpOffers.ChromiumWithMore),
        .. FuzzCases.Corpus("*.sdp", "sdp", "corpus/sdp"),
    ];

    [Fact]
    public void Every_changed_offer_is_answered_or_refused()
    {
        // Those that are refused as they are stay refused; each takes one place of many of those that are answered.
        var answerable = Seeds.Where(seed => Negotiate(Encoding.Latin1.GetString(seed))).ToList();
        List<byte[]> seeds = [.. Seeds, .. Enumerable.Repeat(answerable, 20).SelectMany(each => each)];
        var answeredCount = 0;
        var number = 0;

        FuzzCases.Run(seeds, 32 * 1024, (buffer, length) =>
        {
            // Every second case without control characters, which end the reading at once.
            if (number++ % 2 == 0)
                MakePrintable(buffer.AsSpan(0, length));
            answeredCount += Negotiate(Encoding.Latin1.GetString(buffer, 0, length)) ? 1 : 0;
        }, FuzzCases.Count / 4);

        // The answers are what is tested here.
        answeredCount.ShouldBeGreaterThan(FuzzCases.Count / 40);
    }

    [Fact]
    public void Every_mixture_of_lines_is_answered_or_refused()
    {
        var random = new Random(FuzzCases.Seed);
        var pool = Seeds.SelectMany(seed => Encoding.Latin1.GetString(seed).Split('\n')).ToArray();
        var answeredCount = 0;

        for (var number = 0; number < FuzzCases.Count / 4; number++)
        {
            var lines = Encoding.Latin1.GetString(Seeds[random.Next(3)]).Split('\n').ToList();
            for (var changes = 1 + random.Next(8); changes > 0; changes--)
            {
                var at = 1 + random.Next(lines.Count - 1);
                switch (random.Next(4))
                {
                    case 0:
                        lines.RemoveAt(at);
                        break;
                    case 1:
                        lines.Insert(at, lines[1 + random.Next(lines.Count - 1)]);
                        break;
                    case 2:
                        lines.Insert(at, pool[random.Next(pool.Length)]);
                        break;
                    default:
                        lines[at] = pool[random.Next(pool.Length)];
                        break;
                }
            }

            answeredCount += Negotiate(string.Join('\n', lines)) ? 1 : 0;
        }

        answeredCount.ShouldBeGreaterThan(FuzzCases.Count / 40);
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

    private static void MakePrintable(Span<byte> text)
    {
        foreach (ref var character in text)
        {
            if (character is not (>= 0x20 and < 0x7F or (byte)'\r' or (byte)'\n'))
                character = (byte)(0x20 + character % 95);
        }
    }

    /// <returns>Whether the offer was answered.</returns>
    private static bool Negotiate(string offer)
    {
        var result = SdpNegotiator.Answer(offer, SdpOffers.Parameters);

        (result.Session is null).ShouldBe(result.Refusal != SdpRefusal.None);
        if (result.Session is null)
        {
            result.Message.ShouldNotBeEmpty();
            result.Answer.ShouldBeNull();
            return false;
        }

        // What an offer says must not become lines of the answer, and every section has its own.
        SdpReader.TryRead(result.Answer!, fragment: false, out var answer, out _, out var error).ShouldBeTrue(error);
        SdpReader.TryRead(offer, fragment: false, out var read, out _, out _).ShouldBeTrue();
        answer.Media.Count.ShouldBe(read.Media.Count);
        answer.Media.Select(section => section.Mid).SequenceEqual(read.Media.Select(section => section.Mid)).ShouldBeTrue();
        answer.Media.Count(section => !section.Disabled).ShouldBe(result.Session.Media.Count);
        foreach (var section in answer.Media.Where(section => !section.Disabled))
        {
            section.Attributes.All("fingerprint").Single().ShouldBe("sha-256 " + SdpOffers.LocalFingerprint);
            section.Attributes.All("ice-ufrag").Single().ShouldBe(SdpOffers.LocalIce.UserFragment);
            section.Attributes.All("setup").Single().ShouldBe("passive");
        }

        return true;
    }
}
