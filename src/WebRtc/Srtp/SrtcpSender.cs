using System.Buffers.Binary;

namespace MediaScore.WebRtc.Srtp;

/// <summary>
/// Protects RTCP packets: our reports and requests. One index for all of our SSRCs, which counts up and is never used again; after 2^31 packets, when the keys are
/// spent (RFC 3711, 9.2), nothing more is sent. That is 68 years of one packet a second.
/// </summary>
internal sealed class SrtcpSender(SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, uint firstIndex = 0) : IDisposable
{
    private const int HeaderLength = 8;
    private const uint IndexCount = 1U << 31;

    private readonly SrtpCipher _cipher = SrtpCipher.ForRtcp(profile, key, salt);
    private uint _nextIndex = firstIndex;

    /// <summary>Bytes that protection adds.</summary>
    public int Overhead => _cipher.RtcpOverhead;

    /// <param name="rtcp">Begins with an RTCP header and an SSRC.</param>
    /// <param name="output">Has room for the packet and <see cref="Overhead"/>; not the same memory.</param>
    /// <returns>Length of the protected packet; 0 when the keys are spent.</returns>
    public int Protect(ReadOnlySpan<byte> rtcp, Span<byte> output)
    {
        if (rtcp.Length < HeaderLength)
            throw new ArgumentException("No RTCP packet with an SSRC.", nameof(rtcp));
        if (_nextIndex == IndexCount)
            return 0;
        var packet = output[..(rtcp.Length + Overhead)];
        rtcp.CopyTo(packet);
        _cipher.SealRtcp(packet, BinaryPrimitives.ReadUInt32BigEndian(rtcp[4..]), SrtpCipher.EncryptedFlag | _nextIndex);
        _nextIndex++;
        return packet.Length;
    }

    public void Dispose() => _cipher.Dispose();
}
