using System.Buffers.Binary;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Srtp;

/// <summary>
/// Protects the RTP packets of the in-house sender and the tests; the server sends RTCP only. The roll-over counter of a source begins at 0. Packets may come out of order, but each once:
/// a packet that is sent again without RTX has to be kept protected, since one nonce for two texts gives AES-GCM's authentication key away.
/// </summary>
internal sealed class SrtpSender(SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt) : IDisposable
{
    private readonly SrtpCipher _cipher = SrtpCipher.ForRtp(profile, key, salt);
    private readonly Dictionary<uint, ReplayWindow> _windows = [];

    /// <summary>Bytes that protection adds.</summary>
    public int Overhead => _cipher.TagLength;

    /// <param name="output">Has room for the packet and <see cref="Overhead"/>; not the same memory.</param>
    /// <returns>Length of the protected packet; 0 where the sequence number was sent already, or is more than 1,023 behind.</returns>
    public int Protect(ReadOnlySpan<byte> rtp, Span<byte> output)
    {
        if (!RtpPacket.TryReadHeaderLength(rtp, out var headerLength))
            throw new ArgumentException("No RTP packet.", nameof(rtp));
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(rtp[2..]);
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(rtp[8..]);
        long index = sequence;
        if (!_windows.TryGetValue(ssrc, out var window))
        {
            _windows.Add(ssrc, new ReplayWindow(index));
        }
        else
        {
            index = window.Highest + (short)(sequence - (ushort)window.Highest);
            if (!window.IsNew(index))
                return 0;
            window.Mark(index);
        }

        var packet = output[..(rtp.Length + Overhead)];
        rtp.CopyTo(packet);
        _cipher.SealRtp(packet, headerLength, ssrc, index);
        return packet.Length;
    }

    public void Dispose() => _cipher.Dispose();
}
