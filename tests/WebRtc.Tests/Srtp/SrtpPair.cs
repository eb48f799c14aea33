using System.Buffers.Binary;
using MediaScore.WebRtc.Rtp;
using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc.Tests.Srtp;

/// <summary>A sender and a receiver with the same keys, and packets that are easy to tell apart.</summary>
internal sealed class SrtpPair : IDisposable
{
    private readonly Random _random = new(20);

    public SrtpPair(SrtpProfile profile, int maxSources = 8)
    {
        Key = RandomBytes(profile.KeyLength());
        Salt = RandomBytes(profile.SaltLength());
        Sender = new SrtpSender(profile, Key, Salt);
        Receiver = new SrtpReceiver(profile, Key, Salt, maxSources);
    }

    public byte[] Key { get; }

    public byte[] Salt { get; }

    public SrtpSender Sender { get; }

    public SrtpReceiver Receiver { get; }

    public static TheoryData<int> Profiles { get; } = [(int)SrtpProfile.AeadAes128Gcm, (int)SrtpProfile.AeadAes256Gcm, (int)SrtpProfile.Aes128CmSha1Tag80];

    /// <summary>With an extension, so that what is only authenticated is not the fixed header alone.</summary>
    public static byte[] Plain(ushort sequence, uint ssrc = 0x0A0B0C0D, int payloadLength = 100)
    {
        var packet = new byte[20 + payloadLength];
        var writer = new RtpPacketWriter(packet, 111, sequence, sequence * 960u, ssrc);
        writer.AddExtension(1, [(byte)(sequence >> 8), (byte)sequence]);
        var payload = new byte[payloadLength];
        new Random(sequence).NextBytes(payload);
        writer.WritePayload(payload);
        return packet[..writer.Length];
    }

    public byte[] Protect(ushort sequence, uint ssrc = 0x0A0B0C0D, int payloadLength = 100)
    {
        var plain = Plain(sequence, ssrc, payloadLength);
        var packet = new byte[plain.Length + Sender.Overhead];
        Sender.Protect(plain, packet).ShouldBe(packet.Length, $"sequence number {sequence} was sent already");
        return packet;
    }

    /// <summary>Opens a copy.</summary>
    public SrtpVerdict Open(byte[] packet)
    {
        var copy = packet.ToArray();
        var verdict = Receiver.Unprotect(copy, out var length);
        if (verdict == SrtpVerdict.Ok)
            copy.AsSpan(0, length).SequenceEqual(Plain(BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)), BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8)), length - 20)).ShouldBeTrue();
        return verdict;
    }

    public static byte[] Forge(byte[] packet, int at = 24)
    {
        var forged = packet.ToArray();
        forged[at] ^= 0x40;
        return forged;
    }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
    }

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
