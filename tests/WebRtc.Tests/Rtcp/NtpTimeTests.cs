using CsCheck;
using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Tests.Rtcp;

public sealed class NtpTimeTests
{
    /// <summary>Unix time begins 2,208,988,800 s after NTP's (RFC 5905, figure 4).</summary>
    [Fact]
    public void Dates_are_those_of_the_RFC()
    {
        NtpTime.FromUnixMicroseconds(0).Value.ShouldBe(2_208_988_800UL << 32);
        NtpTime.FromUnixMicroseconds(500_000).ShouldBe(new NtpTime((2_208_988_800UL << 32) | 0x8000_0000));
        NtpTime.FromUnixMicroseconds(-1_000_000).Seconds.ShouldBe(2_208_988_799u);
    }

    /// <summary>RFC 4330, 3: from 1968-01-20T03:14:08Z, where the highest bit is set first, for 2^32 seconds.</summary>
    [Fact]
    public void Microseconds_come_back_from_1968_to_2104() =>
        Gen.Long[-61_505_152L * 1_000_000, (4_233_462_144L * 1_000_000) - 1].Sample(
            us => NtpTime.FromUnixMicroseconds(us).ToUnixMicroseconds().ShouldBe(us), iter: 10_000, seed: "0000000000001");

    [Fact]
    public void Differences_go_over_the_wrap_of_2036()
    {
        var before = new NtpTime(ulong.MaxValue - 0xFFFF_FFFF);
        var after = new NtpTime(1UL << 32);

        after.MicrosecondsSince(before).ShouldBe(2_000_000);
        before.MicrosecondsSince(after).ShouldBe(-2_000_000);
        (after.ToUnixMicroseconds() - before.ToUnixMicroseconds()).ShouldBe(2_000_000);
    }

    /// <summary>RFC 3550, 6.4.1, figure 2: the round trip of an SR.</summary>
    [Fact]
    public void The_round_trip_of_the_RFC_comes_out()
    {
        var sent = new NtpTime(0xB44D_B705_2000_0000);
        sent.Compact.ShouldBe(0xB705_2000u);
        NtpTime.ToCompact(TimeSpan.FromSeconds(5.25)).ShouldBe(0x0005_4000u);

        NtpTime.FromCompact(0xB710_8000 - 0x0005_4000 - sent.Compact).ShouldBe(TimeSpan.FromSeconds(6.125));
    }

    [Fact]
    public void A_span_that_is_negative_or_too_long_is_the_nearest_that_can_be_said()
    {
        NtpTime.ToCompact(TimeSpan.FromSeconds(-1)).ShouldBe(0u);
        NtpTime.ToCompact(TimeSpan.MaxValue).ShouldBe(uint.MaxValue);
    }
}
