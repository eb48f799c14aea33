using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Srtp;

public sealed class EarlyPacketsTests
{
    [Fact]
    public void They_wait_in_order_and_can_be_opened_in_place()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        var early = new EarlyPackets();
        for (ushort i = 0; i < 20; i++)
            early.TryHold(pair.Protect(i, payloadLength: i * 50)).ShouldBeTrue();

        for (var i = 0; i < early.Count; i++)
        {
            pair.Receiver.Unprotect(early[i], out var length).ShouldBe(SrtpVerdict.Ok);
            early[i][..length].SequenceEqual(SrtpPair.Plain((ushort)i, payloadLength: i * 50)).ShouldBeTrue();
        }

        early.Clear();
        early.Count.ShouldBe(0);
    }

    [Fact]
    public void What_does_not_fit_is_dropped_and_counted()
    {
        var early = new EarlyPackets();

        for (var i = 0; i < EarlyPackets.MaxCount + 3; i++)
            early.TryHold([1, 2, 3]);

        early.Count.ShouldBe(EarlyPackets.MaxCount);
        early.DroppedCount.ShouldBe(3);
        early.Clear();
        early.TryHold(new byte[EarlyPackets.MaxBytes]).ShouldBeTrue();
        early.TryHold([1]).ShouldBeFalse();
    }
}
