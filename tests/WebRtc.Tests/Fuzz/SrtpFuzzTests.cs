using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Srtp;
using MediaScore.WebRtc.Tests.Srtp;

namespace MediaScore.WebRtc.Tests.Fuzz;

public sealed class SrtpFuzzTests
{
    [Theory, MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void No_changed_packet_opens(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var opened = Enumerable.Range(65_500, 50).Select(i => pair.Protect((ushort)i, payloadLength: i % 97)).ToList();
        var unopened = Enumerable.Range(65_550, 50).Select(i => pair.Protect((ushort)i, ssrc: 7, payloadLength: i % 97)).ToList();
        foreach (var packet in opened)
            pair.Open(packet).ShouldBe(SrtpVerdict.Ok);
        var genuine = opened.Concat(unopened).Select(Convert.ToHexString).ToHashSet();

        var verdicts = new HashSet<SrtpVerdict>();
        FuzzCases.Run([.. opened, .. unopened, .. FuzzCases.Corpus("*", "corpus/rtp")], 2_048, (buffer, length) =>
        {
            var before = Convert.ToHexString(buffer, 0, length);

            var verdict = pair.Receiver.Unprotect(buffer.AsSpan(0, length), out var plainLength);

            verdicts.Add(verdict);
            // A change may put back what was there.
            if (verdict == SrtpVerdict.Ok)
                genuine.ShouldContain(before);
            else
                plainLength.ShouldBe(0);
        });
        verdicts.ShouldContain(SrtpVerdict.AuthenticationFailed);
        verdicts.ShouldContain(SrtpVerdict.Malformed);

        pair.Receiver.SourceCount.ShouldBeLessThanOrEqualTo(2);
    }

    [Theory, MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void No_changed_report_opens(int number)
    {
        var profile = (SrtpProfile)number;
        using var keys = new SrtpPair(profile);
        using var sender = new SrtcpSender(profile, keys.Key, keys.Salt);
        using var receiver = new SrtcpReceiver(profile, keys.Key, keys.Salt, maxSources: 8);
        var reports = new List<byte[]>();
        for (uint i = 0; i < 50; i++)
        {
            var plain = new byte[100];
            var writer = new RtcpWriter(plain);
            writer.WriteReceiverReport(i % 3, [new ReportBlock(i, 2, 3, 4, 5, 6, 7)]);
            writer.WriteSdesCname(i % 3, new string('x', (int)i % 30));
            var packet = new byte[writer.Length + sender.Overhead];
            sender.Protect(plain.AsSpan(0, writer.Length), packet);
            reports.Add(packet);
        }

        var genuine = reports.Select(Convert.ToHexString).ToHashSet();

        var verdicts = new HashSet<SrtpVerdict>();
        FuzzCases.Run([.. reports, .. FuzzCases.Corpus("*", "corpus/rtcp")], 2_048, (buffer, length) =>
        {
            var before = Convert.ToHexString(buffer, 0, length);

            var verdict = receiver.Unprotect(buffer.AsSpan(0, length), out var plainLength);

            verdicts.Add(verdict);
            if (verdict == SrtpVerdict.Ok)
                genuine.ShouldContain(before);
            else
                plainLength.ShouldBe(0);
        });
        verdicts.ShouldContain(SrtpVerdict.AuthenticationFailed);
        verdicts.ShouldContain(SrtpVerdict.Malformed);
    }
}
