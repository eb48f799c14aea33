using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Srtp;

public sealed class SrtpReceiverTests
{
    public static TheoryData<int> Profiles => SrtpPair.Profiles;

    [Theory, MemberData(nameof(Profiles))]
    public void Packets_of_every_length_come_back_as_they_were(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);

        for (ushort i = 0; i < 200; i++)
            pair.Open(pair.Protect(i, payloadLength: i)).ShouldBe(SrtpVerdict.Ok);
        pair.Open(pair.Protect(200, payloadLength: 5000)).ShouldBe(SrtpVerdict.Ok);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_changed_bit_anywhere_is_noticed(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        pair.Open(pair.Protect(1)).ShouldBe(SrtpVerdict.Ok);
        var packet = pair.Protect(2);

        for (var bit = 0; bit < 8 * packet.Length; bit++)
        {
            var forged = packet.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            pair.Open(forged).ShouldNotBe(SrtpVerdict.Ok, $"bit {bit}");
        }

        pair.Open(packet).ShouldBe(SrtpVerdict.Ok);
        pair.Receiver.SourceCount.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_packet_that_is_cut_anywhere_is_refused(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var packet = pair.Protect(1);

        for (var length = 0; length < packet.Length; length++)
            pair.Open(packet[..length]).ShouldBeOneOf(SrtpVerdict.Malformed, SrtpVerdict.AuthenticationFailed);
        pair.Open([0x00, .. packet[1..]]).ShouldBe(SrtpVerdict.Malformed);

        pair.Open(packet).ShouldBe(SrtpVerdict.Ok);
    }

    [Fact]
    public void Other_keys_open_nothing()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        var packet = pair.Protect(1);
        pair.Key[3] ^= 1;
        using var other = new SrtpReceiver(SrtpProfile.AeadAes128Gcm, pair.Key, pair.Salt, 8);

        other.Unprotect(packet, out var length).ShouldBe(SrtpVerdict.AuthenticationFailed);

        length.ShouldBe(0);
        other.SourceCount.ShouldBe(0);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void The_sequence_number_may_wrap_from_the_first_packets_on(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);

        for (ushort i = 65_530; i != 10; i++)
            pair.Open(pair.Protect(i)).ShouldBe(SrtpVerdict.Ok, $"sequence number {i}");
    }

    [Fact]
    public void It_wraps_again_and_again()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);

        for (var index = 60_000; index < 5 * 65_536; index += 101)
            pair.Open(pair.Protect((ushort)index)).ShouldBe(SrtpVerdict.Ok, $"index {index}");
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_packet_from_before_the_wrap_may_come_after_it(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        byte[][] sent = [pair.Protect(65_534), pair.Protect(65_535), pair.Protect(0), pair.Protect(1)];

        foreach (var position in (int[])[0, 2, 3, 1])
            pair.Open(sent[position]).ShouldBe(SrtpVerdict.Ok, $"packet {position}");
    }

    [Theory, MemberData(nameof(Profiles))]
    public void The_first_to_come_may_be_from_after_the_wrap(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        byte[][] sent = [pair.Protect(65_535), pair.Protect(0), pair.Protect(1)];

        foreach (var position in (int[])[1, 0, 2])
            pair.Open(sent[position]).ShouldBe(SrtpVerdict.Ok, $"packet {position}");
    }

    [Theory]
    [InlineData(32_767)]
    [InlineData(32_768)]
    [InlineData(45_000)]
    [InlineData(64_500)]
    public void An_outage_may_be_longer_than_half_a_cycle(int lost)
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        pair.Open(pair.Protect(50_000)).ShouldBe(SrtpVerdict.Ok);

        // The sender protects all of them, but only sees steps that are small.
        for (var index = 50_100; index < 50_000 + lost; index += 100)
            pair.Protect((ushort)index);

        pair.Open(pair.Protect((ushort)(50_000 + lost + 1))).ShouldBe(SrtpVerdict.Ok);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_packet_is_taken_once(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var packets = Enumerable.Range(100, 50).Select(i => pair.Protect((ushort)i)).ToList();
        foreach (var packet in packets)
            pair.Open(packet).ShouldBe(SrtpVerdict.Ok);

        packets.ShouldAllBe(packet => pair.Open(packet) == SrtpVerdict.Replayed);
    }

    [Fact]
    public void A_retransmission_may_be_1023_packets_late_and_no_more()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        pair.Open(pair.Protect(64_999)).ShouldBe(SrtpVerdict.Ok);
        var (tooLate, late) = (pair.Protect(65_000), pair.Protect(65_001));

        // 65,001 and 1,023 more, over the wrap.
        pair.Open(pair.Protect(488)).ShouldBe(SrtpVerdict.Ok);

        pair.Open(tooLate).ShouldBe(SrtpVerdict.Replayed);
        pair.Open(late).ShouldBe(SrtpVerdict.Ok);
    }

    [Fact]
    public void A_forged_packet_moves_nothing()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        pair.Open(pair.Protect(100)).ShouldBe(SrtpVerdict.Ok);

        pair.Open(SrtpPair.Forge(pair.Protect(30_000))).ShouldBe(SrtpVerdict.AuthenticationFailed);
        pair.Open(SrtpPair.Forge(pair.Protect(1, ssrc: 9))).ShouldBe(SrtpVerdict.AuthenticationFailed);

        pair.Receiver.SourceCount.ShouldBe(1);
        using var fresh = new SrtpSender(SrtpProfile.AeadAes128Gcm, pair.Key, pair.Salt);
        var next = new byte[200];
        next = next[..fresh.Protect(SrtpPair.Plain(101), next)];
        pair.Open(next).ShouldBe(SrtpVerdict.Ok);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Nothing_is_allocated_for_a_packet(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var packets = Enumerable.Range(0, 2000).Select(i => pair.Protect((ushort)i, payloadLength: 1000)).ToArray();
        foreach (var packet in packets.AsSpan(0, 1000))
            pair.Receiver.Unprotect(packet, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var opened = 0;
        foreach (var packet in packets.AsSpan(1000))
            opened += pair.Receiver.Unprotect(packet, out _) == SrtpVerdict.Ok ? 1 : 0;
        foreach (var packet in packets.AsSpan(1000))
            opened += pair.Receiver.Unprotect(packet, out _) == SrtpVerdict.Replayed ? 1 : 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        opened.ShouldBe(2000);
        allocated.ShouldBe(0);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void After_its_end_it_opens_nothing(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var packet = pair.Protect(1);

        pair.Receiver.Dispose();
        pair.Receiver.Dispose();

        Should.Throw<ObjectDisposedException>(() => pair.Receiver.Unprotect(packet, out _));
    }
}
