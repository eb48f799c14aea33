using System.Buffers.Binary;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Srtp;

/// <summary>Opens the RTP packets of one peer (RFC 3711, 3.3). One thread at a time; allocates only with a source's first packet.</summary>
/// <remarks>
/// The 48-bit index of a packet is guessed from the highest one of its source (3.3.1 and appendix A), with two additions: a guess that is too old for the replay window is tried as
/// the same sequence number of the next cycle, since more than half a cycle can be lost in an outage (4 minutes of a picture); and a source whose first packet to arrive is from the first half of the cycle is tried
/// with a roll-over counter of 1 too, since the packets before the roll-over may be late or lost. Both cost another verification at most.
/// </remarks>
internal sealed class SrtpReceiver : IDisposable
{
    private const long MaxIndex = (1L << 48) - 1;
    private const long Cycle = 1L << 16;

    // Some seconds of sound and picture.
    private const int SilentPackets = 1024;

    private readonly SrtpCipher _cipher;
    private readonly SrtpSourceTable _sources;

    // A failed attempt spoils the packet. Browsers send none longer than 1,200 bytes and a tag; a longer one has one attempt only.
    private readonly byte[] _copy = new byte[2048];

    /// <param name="key">The peer's master key.</param>
    /// <param name="maxSources">That send at the same time.</param>
    public SrtpReceiver(SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, int maxSources)
    {
        _cipher = SrtpCipher.ForRtp(profile, key, salt);
        _sources = new SrtpSourceTable(maxSources, SilentPackets);
    }

    public int SourceCount => _sources.Count;

    /// <summary>In place; the bytes are not to be used where the verdict is not <see cref="SrtpVerdict.Ok"/>.</summary>
    /// <param name="length">Of the RTP packet, which begins where the datagram begins.</param>
    public SrtpVerdict Unprotect(Span<byte> packet, out int length)
    {
        length = 0;
        if (!RtpPacket.TryReadHeaderLength(packet, out var headerLength) || packet.Length < headerLength + _cipher.TagLength)
            return SrtpVerdict.Malformed;
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        var verdict = _sources.Find(ssrc) is { } window
            ? OpenKnown(packet, headerLength, ssrc, sequence, window)
            : OpenUnknown(packet, headerLength, ssrc, sequence);
        if (verdict == SrtpVerdict.Ok)
            length = packet.Length - _cipher.TagLength;
        return verdict;
    }

    /// <inheritdoc cref="RtcSession.Touch"/>
    public long Touch(uint ssrc) => _cipher.TagLength + (_sources.Find(ssrc)?.Touch() ?? 0);

    public void Dispose() => _cipher.Dispose();

    private SrtpVerdict OpenKnown(Span<byte> packet, int headerLength, uint ssrc, ushort sequence, ReplayWindow window)
    {
        var index = window.Highest + (short)(sequence - (ushort)window.Highest);
        var tooOld = window.IsTooOld(index);
        if (tooOld)
            index += Cycle;
        else if (!window.IsNew(index))
            return SrtpVerdict.Replayed;
        if (index > MaxIndex)
            return SrtpVerdict.Malformed;
        if (!_cipher.OpenRtp(packet, headerLength, ssrc, index))
            return tooOld ? SrtpVerdict.Replayed : SrtpVerdict.AuthenticationFailed;
        window.Mark(index);
        _sources.Touch(window);
        return SrtpVerdict.Ok;
    }

    private SrtpVerdict OpenUnknown(Span<byte> packet, int headerLength, uint ssrc, ushort sequence)
    {
        long index = sequence;
        if (_sources.TryGetRetired(ssrc, out var highest))
        {
            index = highest + (ushort)(sequence - (ushort)highest);
            if (index == highest)
                return SrtpVerdict.Replayed;
            return _cipher.OpenRtp(packet, headerLength, ssrc, index) ? Add(ssrc, index) : SrtpVerdict.AuthenticationFailed;
        }

        var mayHaveRolledOver = sequence < Cycle / 2 && packet.Length <= _copy.Length;
        if (mayHaveRolledOver)
            packet.CopyTo(_copy);
        if (_cipher.OpenRtp(packet, headerLength, ssrc, index))
            return Add(ssrc, index);
        if (!mayHaveRolledOver)
            return SrtpVerdict.AuthenticationFailed;
        _copy.AsSpan(0, packet.Length).CopyTo(packet);
        index += Cycle;
        return _cipher.OpenRtp(packet, headerLength, ssrc, index) ? Add(ssrc, index) : SrtpVerdict.AuthenticationFailed;
    }

    private SrtpVerdict Add(uint ssrc, long index) => _sources.TryAdd(ssrc, index) ? SrtpVerdict.Ok : SrtpVerdict.TooManySources;
}
