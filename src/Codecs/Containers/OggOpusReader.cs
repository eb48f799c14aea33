using MediaScore.Codecs.Opus;

namespace MediaScore.Codecs.Containers;

/// <summary>
/// Opus packets out of an Ogg stream (RFC 3533, RFC 7845), in order, from any readable stream. Other streams multiplexed into the file are passed over. Memory
/// is bounded by one page and one packet. Not thread safe; the stream stays the caller's.
/// </summary>
/// <remarks>Not read: chained files (a second stream after the first), multichannel mapping families, seeking by granule position. FFmpeg writes none of it here.</remarks>
public sealed class OggOpusReader(Stream stream)
{
    // 48 frames of 1275 bytes with their lengths (RFC 6716, 3.2.5), rounded up. The comment header may be longer: it is dropped, not kept.
    private const int MaxPacketBytes = 64 * 1024;

    private readonly OggPage _page = new();
    private readonly byte[] _packet = new byte[MaxPacketBytes];
    private int _packetLength;
    private bool _packetTooLong;
    private int _segment; // Next lacing value of the page.
    private int _offset; // Its first byte in the page's body.
    private bool _hasPage;
    private uint _serial;
    private uint _expectedSequence;
    private long _packetCount; // Of this stream, heads included.
    private bool _sawLastPage;
    private bool _ended;

    /// <summary>Set by the first successful read.</summary>
    public OggOpusHead? Head { get; private set; }

    /// <summary>The packet read last; valid until the next read. Framing is checked, content is not.</summary>
    public ReadOnlyMemory<byte> Packet { get; private set; }

    /// <summary>When the packet read last begins, from the first packet (durations added up; pre-skip is not taken off).</summary>
    public TimeSpan Start { get; private set; }

    /// <summary>How long it lasts, 2.5 to 120 ms.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Why reading stopped before a proper end; null after a clean one.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the next packet; false at the end, clean or not (<see cref="Error"/>).</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (!_ended)
        {
            if (!_hasPage && !await ReadPageAsync(cancellationToken))
                return false;
            if (!TryTakePacket())
                continue;
            if (_packetTooLong && _packetCount != 1)
                return Stop($"Opus packet of more than {MaxPacketBytes} bytes.");
            switch (_packetCount++)
            {
                case 0:
                    Head = OggOpusHead.TryRead(_packet.AsSpan(0, _packetLength), out var error);
                    if (Head is null)
                        return Stop(error!);
                    break;
                case 1:
                    if (!_packet.AsSpan(0, Math.Min(_packetLength, MaxPacketBytes)).StartsWith("OpusTags"u8))
                        return Stop("Ogg Opus stream without its comment header.");
                    break;
                default:
                    return Deliver();
            }

            StartPacket();
        }

        return false;
    }

    private bool Deliver()
    {
        if (!OpusPacketInspector.TryInspect(_packet.AsSpan(0, _packetLength), out var info))
            return Stop($"Packet {_packetCount - 3} is no Opus packet.");
        Packet = _packet.AsMemory(0, _packetLength);
        Start += Duration;
        Duration = info.Duration;
        StartPacket();
        return true;
    }

    private void StartPacket()
    {
        _packetLength = 0;
        _packetTooLong = false;
    }

    /// <summary>Moves segments of the page into the packet; true where the packet is whole.</summary>
    private bool TryTakePacket()
    {
        var lacing = _page.Lacing;
        var body = _page.Body.Span;
        while (_segment < lacing.Length)
        {
            var length = lacing[_segment++];
            var part = body.Slice(_offset, length);
            _offset += length;
            if (_packetLength + length > MaxPacketBytes)
                _packetTooLong = true;
            else
                part.CopyTo(_packet.AsSpan(_packetLength));
            if (!_packetTooLong)
                _packetLength += length;
            if (length < 255)
                return true;
        }

        _hasPage = false;
        return false;
    }

    private async ValueTask<bool> ReadPageAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var fault = await _page.ReadAsync(stream, cancellationToken);
            if (fault is not null)
                return EndOrFault(fault);
            if (_packetCount == 0 && _packetLength == 0)
            {
                if (!_page.FirstOfStream)
                    return Stop("No Opus stream in this Ogg file.");
                if (!OggOpusHead.IsHead(_page.Body.Span))
                    continue; // Another codec's first page.
                _serial = _page.Serial;
                _expectedSequence = _page.Sequence;
            }

            if (_page.Serial != _serial)
                continue;
            if (_page.Sequence != _expectedSequence)
                return Stop($"Ogg page {_expectedSequence} is missing (found {_page.Sequence}).");
            if (_page.Continued != _packetLength > 0)
                return Stop($"Ogg page {_page.Sequence} does not continue the page before it.");
            _expectedSequence++;
            _sawLastPage = _page.LastOfStream;
            _segment = 0;
            _offset = 0;
            _hasPage = true;
            return true;
        }
    }

    private bool EndOrFault(string fault)
    {
        if (fault.Length > 0)
            return Stop(fault);
        if (_packetCount == 0)
            return Stop("Empty: no Ogg Opus stream.");
        if (!_sawLastPage || _packetLength > 0)
            return Stop("Ogg file cut: its last page is missing.");
        _ended = true;
        return false;
    }

    private bool Stop(string error)
    {
        Error = error;
        _ended = true;
        return false;
    }
}
