using System.Buffers.Binary;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using MediaScore.WebRtc.Rtp;
using MediaScore.WebRtc.Srtp;

namespace MediaScore.Benchmarks;

/// <summary>
/// Opening SRTP packets beside the bare cipher on the same bytes. A thousand packets in order, the way a stream comes; the receiver is a new one for each thousand, and what it costs is
/// in the figure (a thousandth of it). The packets are copied before they are opened in place, on every side.
/// </summary>
[MemoryDiagnoser]
public class SrtpBenchmarks
{
    private const int PacketCount = 1000;
    private const int HeaderLength = 12;

    private readonly byte[] _key = new byte[16];
    private readonly byte[] _salt = new byte[14];
    private readonly byte[] _packet = new byte[2048];
    private byte[][] _gcm = null!;
    private byte[][] _counterMode = null!;
    private AesGcm _bare = null!;

    /// <summary>Of the RTP packet: one of a picture's, one of the sound's.</summary>
    [Params(1100, 120)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_key);
        new Random(2).NextBytes(_salt);
        _gcm = Protect(SrtpProfile.AeadAes128Gcm);
        _counterMode = Protect(SrtpProfile.Aes128CmSha1Tag80);

        // The session key, not the master key: the same work on the same bytes.
        var sessionKey = new byte[16];
        SrtpKeyDerivation.Derive(_key, _salt.AsSpan(0, 12), SrtpKeyDerivation.RtpEncryption, sessionKey);
        _bare = new AesGcm(sessionKey, 16);
    }

    [GlobalCleanup]
    public void Cleanup() => _bare.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = PacketCount)]
    public int BareAesGcm()
    {
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> salt = stackalloc byte[12];
        SrtpKeyDerivation.Derive(_key, _salt.AsSpan(0, 12), SrtpKeyDerivation.RtpSalt, salt);
        foreach (var protectedPacket in _gcm)
        {
            protectedPacket.CopyTo(_packet, 0);
            var packet = _packet.AsSpan(0, protectedPacket.Length);
            salt.CopyTo(nonce);
            for (var i = 0; i < 4; i++)
                nonce[2 + i] ^= packet[8 + i];
            nonce[10] ^= packet[2];
            nonce[11] ^= packet[3];
            var content = packet[HeaderLength..^16];
            _bare.Decrypt(nonce, content, packet[^16..], content, packet[..HeaderLength]);
        }

        return _gcm.Length;
    }

    [Benchmark(OperationsPerInvoke = PacketCount)]
    public int UnprotectAes128Gcm() => Unprotect(SrtpProfile.AeadAes128Gcm, _gcm);

    [Benchmark(OperationsPerInvoke = PacketCount)]
    public int UnprotectAes128CmSha1Tag80() => Unprotect(SrtpProfile.Aes128CmSha1Tag80, _counterMode);

    /// <summary>What an attacker's packet costs who has guessed a session's addresses.</summary>
    [Benchmark(OperationsPerInvoke = PacketCount)]
    public int RefuseForgedAes128Gcm()
    {
        using var receiver = new SrtpReceiver(SrtpProfile.AeadAes128Gcm, _key, _salt.AsSpan(0, 12), maxSources: 4);
        var refused = 0;
        foreach (var protectedPacket in _gcm)
        {
            protectedPacket.CopyTo(_packet, 0);

            // The first is genuine: its source is known.
            _packet[20] ^= (byte)(protectedPacket == _gcm[0] ? 0 : 1);
            refused += receiver.Unprotect(_packet.AsSpan(0, protectedPacket.Length), out _) == SrtpVerdict.AuthenticationFailed ? 1 : 0;
        }

        return refused == PacketCount - 1 ? refused : throw new InvalidOperationException("A forged packet was taken.");
    }

    private int Unprotect(SrtpProfile profile, byte[][] packets)
    {
        using var receiver = new SrtpReceiver(profile, _key, _salt.AsSpan(0, profile.SaltLength()), maxSources: 4);
        var opened = 0;
        foreach (var protectedPacket in packets)
        {
            protectedPacket.CopyTo(_packet, 0);
            opened += receiver.Unprotect(_packet.AsSpan(0, protectedPacket.Length), out _) == SrtpVerdict.Ok ? 1 : 0;
        }

        return opened == PacketCount ? opened : throw new InvalidOperationException("A packet was refused.");
    }

    private byte[][] Protect(SrtpProfile profile)
    {
        using var sender = new SrtpSender(profile, _key, _salt.AsSpan(0, profile.SaltLength()));
        var packets = new byte[PacketCount][];
        var plain = new byte[Bytes];
        new Random(3).NextBytes(plain);
        for (var i = 0; i < packets.Length; i++)
        {
            new RtpPacketWriter(plain, 96, (ushort)i, (uint)i * 3000, 0x1234_5678).WritePayload(plain.AsSpan(HeaderLength));
            BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(HeaderLength), i);
            packets[i] = new byte[plain.Length + sender.Overhead];
            sender.Protect(plain, packets[i]);
        }

        return packets;
    }
}
