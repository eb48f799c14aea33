using System.Buffers.Binary;
using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Srtp;

public sealed class SrtcpTests : IDisposable
{
    private const SrtpProfile Gcm256 = SrtpProfile.AeadAes256Gcm;

    private readonly SrtpPair _keys = new(Gcm256);

    public static TheoryData<int> Profiles => SrtpPair.Profiles;

    [Theory, MemberData(nameof(Profiles))]
    public void Packets_come_back_as_they_were_and_once(int profile)
    {
        var (sender, receiver) = Open((SrtpProfile)profile);
        using (sender)
        using (receiver)
        {
            for (uint i = 0; i < 200; i++)
            {
                var plain = Report(i);
                var packet = Protect(sender, plain);
                var again = packet.ToArray();

                receiver.Unprotect(packet, out var length).ShouldBe(SrtpVerdict.Ok);
                packet.AsSpan(0, length).SequenceEqual(plain).ShouldBeTrue();
                receiver.Unprotect(again, out length).ShouldBe(SrtpVerdict.Replayed);
                length.ShouldBe(0);
            }
        }
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_changed_bit_anywhere_is_noticed(int profile)
    {
        var (sender, receiver) = Open((SrtpProfile)profile);
        using (sender)
        using (receiver)
        {
            var packet = Protect(sender, Report(7));
            for (var bit = 0; bit < 8 * packet.Length; bit++)
            {
                var forged = packet.ToArray();
                forged[bit / 8] ^= (byte)(1 << (bit % 8));
                receiver.Unprotect(forged, out _).ShouldNotBe(SrtpVerdict.Ok, $"bit {bit}");
            }

            for (var length = 0; length < packet.Length; length++)
                receiver.Unprotect(packet.AsSpan(0, length).ToArray(), out _).ShouldBeOneOf(SrtpVerdict.Malformed, SrtpVerdict.AuthenticationFailed);

            receiver.SourceCount.ShouldBe(0);
            receiver.Unprotect(packet, out _).ShouldBe(SrtpVerdict.Ok);
        }
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Reports_may_come_out_of_order(int profile)
    {
        var (sender, receiver) = Open((SrtpProfile)profile);
        using (sender)
        using (receiver)
        {
            var packets = Enumerable.Range(0, 20).Select(i => Protect(sender, Report((uint)i))).ToArray();
            new Random(3).Shuffle(packets);

            foreach (var packet in packets)
                receiver.Unprotect(packet, out _).ShouldBe(SrtpVerdict.Ok);
        }
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Each_packet_has_an_index_of_its_own_whatever_its_source_and_says_that_it_is_encrypted(int profile)
    {
        var sender = new SrtcpSender((SrtpProfile)profile, Key((SrtpProfile)profile), Salt((SrtpProfile)profile));
        using var reader = SrtpCipher.ForRtcp((SrtpProfile)profile, Key((SrtpProfile)profile), Salt((SrtpProfile)profile));
        using (sender)
        {
            for (uint i = 0; i < 10; i++)
                reader.ReadIndexWord(Protect(sender, Report(ssrc: i % 3))).ShouldBe(SrtpCipher.EncryptedFlag | i);
        }
    }

    [Fact]
    public void When_the_last_index_is_used_nothing_is_sent_any_more()
    {
        using var sender = new SrtcpSender(Gcm256, _keys.Key, _keys.Salt, firstIndex: int.MaxValue);
        using var receiver = new SrtcpReceiver(Gcm256, _keys.Key, _keys.Salt, maxSources: 1);
        var room = new byte[100];

        var length = sender.Protect(Report(1), room);
        sender.Protect(Report(1), new byte[100]).ShouldBe(0);
        sender.Protect(Report(1), new byte[100]).ShouldBe(0);

        receiver.Unprotect(room.AsSpan(0, length), out _).ShouldBe(SrtpVerdict.Ok);
    }

    [Fact]
    public void Reporting_sources_are_bounded_and_a_silent_one_makes_room()
    {
        using var sender = new SrtcpSender(Gcm256, _keys.Key, _keys.Salt);
        using var receiver = new SrtcpReceiver(Gcm256, _keys.Key, _keys.Salt, maxSources: 2);

        receiver.Unprotect(Protect(sender, Report(1)), out _).ShouldBe(SrtpVerdict.Ok);
        receiver.Unprotect(Protect(sender, Report(2)), out _).ShouldBe(SrtpVerdict.Ok);

        receiver.Unprotect(Protect(sender, Report(3)), out var length).ShouldBe(SrtpVerdict.TooManySources);
        length.ShouldBe(0);
        receiver.SourceCount.ShouldBe(2);
        for (var i = 0; i < 40; i++)
            receiver.Unprotect(Protect(sender, Report(1)), out _).ShouldBe(SrtpVerdict.Ok);
        receiver.Unprotect(Protect(sender, Report(3)), out _).ShouldBe(SrtpVerdict.Ok);
    }

    [Fact]
    public void RTP_keys_open_no_RTCP()
    {
        using var cipher = SrtpCipher.ForRtp(Gcm256, _keys.Key, _keys.Salt);
        using var receiver = new SrtcpReceiver(Gcm256, _keys.Key, _keys.Salt, maxSources: 1);
        var packet = new byte[32 + cipher.RtcpOverhead];
        Report(5).CopyTo(packet, 0);

        cipher.SealRtcp(packet, 5, SrtpCipher.EncryptedFlag);

        receiver.Unprotect(packet, out _).ShouldBe(SrtpVerdict.AuthenticationFailed);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Nothing_is_allocated_for_a_packet(int profile)
    {
        var (sender, receiver) = Open((SrtpProfile)profile);
        using (sender)
        using (receiver)
        {
            var plain = Report(1);
            var room = new byte[plain.Length + sender.Overhead];
            Exchange(200);

            var before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(200);

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

            void Exchange(int count)
            {
                for (var i = 0; i < count; i++)
                {
                    sender.Protect(plain, room);
                    receiver.Unprotect(room, out _);
                }
            }
        }
    }

    public void Dispose() => _keys.Dispose();

    private (SrtcpSender Sender, SrtcpReceiver Receiver) Open(SrtpProfile profile) =>
        (new SrtcpSender(profile, Key(profile), Salt(profile)), new SrtcpReceiver(profile, Key(profile), Salt(profile), maxSources: 300));

    private byte[] Key(SrtpProfile profile) => _keys.Key[..profile.KeyLength()];

    private byte[] Salt(SrtpProfile profile) => [.. _keys.Salt[..Math.Min(12, profile.SaltLength())], .. new byte[profile.SaltLength() - 12]];

    private static byte[] Protect(SrtcpSender sender, byte[] plain)
    {
        var packet = new byte[plain.Length + sender.Overhead];
        sender.Protect(plain, packet).ShouldBe(packet.Length);
        return packet;
    }

    private static byte[] Report(uint ssrc)
    {
        var bytes = new byte[32];
        var writer = new RtcpWriter(bytes);
        writer.WriteReceiverReport(ssrc, [new ReportBlock(ssrc + 1, 2, 3, 4, 5, 6, 7)]).ShouldBeTrue();
        BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)).ShouldBe(ssrc);
        return bytes;
    }
}
