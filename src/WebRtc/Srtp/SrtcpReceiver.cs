using System.Buffers.Binary;

namespace MediaScore.WebRtc.Srtp;

/// <summary>Opens the RTCP packets of one peer (RFC 3711, 3.4), encrypted or only authenticated. One thread at a time; allocates only with a source's first packet.</summary>
internal sealed class SrtcpReceiver : IDisposable
{
    private const int HeaderLength = 8;

    // A source reports at least every few seconds, and browsers send not much else: half a minute of one of two sources.
    private const int SilentPackets = 32;

    private readonly SrtpCipher _cipher;
    private readonly SrtpSourceTable _sources;

    /// <param name="key">The peer's master key: the same as for RTP.</param>
    /// <param name="maxSources">SSRCs that reports come from.</param>
    public SrtcpReceiver(SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, int maxSources)
    {
        _cipher = SrtpCipher.ForRtcp(profile, key, salt);
        _sources = new SrtpSourceTable(maxSources, SilentPackets);
    }

    public int SourceCount => _sources.Count;

    /// <summary>In place; the bytes are not to be used where the verdict is not <see cref="SrtpVerdict.Ok"/>.</summary>
    /// <param name="length">Of the compound packet, which begins where the datagram begins.</param>
    public SrtpVerdict Unprotect(Span<byte> packet, out int length)
    {
        length = 0;
        if (packet.Length < HeaderLength + _cipher.RtcpOverhead || packet[0] >> 6 != 2)
            return SrtpVerdict.Malformed;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var indexWord = _cipher.ReadIndexWord(packet);
        long index = indexWord & ~SrtpCipher.EncryptedFlag;
        var window = _sources.Find(ssrc);
        var isNew = window?.IsNew(index) ?? (!_sources.TryGetRetired(ssrc, out var highest) || index > highest);
        if (!isNew)
            return SrtpVerdict.Replayed;
        if (!_cipher.OpenRtcp(packet, ssrc, indexWord))
            return SrtpVerdict.AuthenticationFailed;
        if (window is not null)
        {
            window.Mark(index);
            _sources.Touch(window);
        }
        else if (!_sources.TryAdd(ssrc, index))
        {
            return SrtpVerdict.TooManySources;
        }

        length = packet.Length - _cipher.RtcpOverhead;
        return SrtpVerdict.Ok;
    }

    public void Dispose() => _cipher.Dispose();
}
