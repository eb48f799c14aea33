using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Srtp;

public sealed class SrtpSenderTests
{
    [Fact]
    public void An_index_is_never_used_twice()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        var room = new byte[200];
        pair.Protect(65_535);
        pair.Protect(1);
        pair.Protect(0);

        foreach (var sequence in (ushort[])[0, 1, 65_535])
            pair.Sender.Protect(SrtpPair.Plain(sequence), room).ShouldBe(0);
    }

    [Fact]
    public void The_room_is_the_callers_to_give()
    {
        using var pair = new SrtpPair(SrtpProfile.AeadAes128Gcm);
        var plain = SrtpPair.Plain(1);

        Should.Throw<ArgumentException>(() => pair.Sender.Protect(plain, new byte[plain.Length + pair.Sender.Overhead - 1]));
        Should.Throw<ArgumentException>(() => pair.Sender.Protect([1, 2, 3], new byte[100]));
    }

    [Theory, MemberData(nameof(SrtpPair.Profiles), MemberType = typeof(SrtpPair))]
    public void Nothing_is_allocated_for_a_packet(int profile)
    {
        using var pair = new SrtpPair((SrtpProfile)profile);
        var packets = Enumerable.Range(0, 1000).Select(i => SrtpPair.Plain((ushort)i)).ToArray();
        var room = new byte[200];
        foreach (var packet in packets.AsSpan(0, 500))
            pair.Sender.Protect(packet, room);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var packet in packets.AsSpan(500))
            pair.Sender.Protect(packet, room);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
