using System.Buffers.Binary;

namespace MediaScore.Peers.Packets;

/// <summary>
/// RFC 7741: a descriptor with a 15-bit PictureID as Chromium and Firefox write it, TL0PICIDX on request, before equal parts of the frame. Partitions are not told
/// apart, as in browsers: only the first payload has S set, PID is 0.
/// </summary>
/// <param name="temporalLayers">Write TL0PICIDX and TID as if every frame were in layer 0.</param>
internal sealed class Vp8Packetizer(int maxPayloadBytes, ushort firstPictureId, bool temporalLayers = false) : IPacketizer
{
    private const byte Extended = 0x80;
    private const byte StartOfPartition = 0x10;
    private const byte HasPictureId = 0x80;
    private const byte HasTl0PicIdx = 0x40;
    private const byte HasTid = 0x20;

    private ReadOnlyMemory<byte> _rest;
    private int _partBytes;
    private bool _first;
    private ushort _nextPictureId = (ushort)(firstPictureId & 0x7FFF);
    private byte _tl0PicIdx = (byte)firstPictureId;

    /// <summary>Of the frame begun last.</summary>
    public ushort PictureId { get; private set; }

    private int DescriptorLength => temporalLayers ? 6 : 4;

    public void Begin(ReadOnlyMemory<byte> frame)
    {
        _rest = frame;
        _first = true;
        // Parts of one size, as libwebrtc cuts: a short last packet would cost as much header as a full one.
        var room = maxPayloadBytes - DescriptorLength;
        var parts = (frame.Length + room - 1) / room;
        _partBytes = parts == 0 ? 0 : (frame.Length + parts - 1) / parts;
        PictureId = _nextPictureId;
        _nextPictureId = (ushort)((_nextPictureId + 1) & 0x7FFF);
        _tl0PicIdx++;
    }

    public bool TryWriteNext(Span<byte> payload, out int length, out bool last)
    {
        last = _rest.Length <= _partBytes;
        length = 0;
        if (_rest.IsEmpty)
            return false;
        var at = 0;
        payload[at++] = (byte)(Extended | (_first ? StartOfPartition : 0));
        payload[at++] = (byte)(HasPictureId | (temporalLayers ? HasTl0PicIdx | HasTid : 0));
        BinaryPrimitives.WriteUInt16BigEndian(payload[at..], (ushort)(0x8000 | PictureId));
        at += 2;
        if (temporalLayers)
        {
            payload[at++] = _tl0PicIdx;
            payload[at++] = 0; // TID 0, Y 0.
        }

        var part = _rest.Span[..Math.Min(_partBytes, _rest.Length)];
        part.CopyTo(payload[at..]);
        _rest = _rest[part.Length..];
        _first = false;
        length = at + part.Length;
        return true;
    }
}
