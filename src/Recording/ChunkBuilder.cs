using System.Buffers;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>
/// Gathers packets until they are sealed. Owns at most one pooled array, from the first packet of a chunk to its end; it goes back holding ciphertext only.
/// One thread at a time.
/// </summary>
internal sealed class ChunkBuilder
{
    /// <summary>A whole chunk, header and tag included, fills one pooled array. A packet larger than that gets a chunk and an array of its own.</summary>
    public const int ChunkBytes = 1 << 16;

    private byte[]? _array;
    private int _length;
    private byte _flags;
    private MediaTime _first;
    private MediaTime _last;
    private MediaTime _previous;

    public bool IsEmpty => _array is null;

    /// <summary>True where the packet does not fit beside what is there: seal first.</summary>
    public bool IsFullFor(in RecordedPacket packet) =>
        _array is not null && _length + PacketBytes(packet) + LogRecordHeader.TagBytes > Math.Min(_array.Length, ChunkBytes);

    /// <param name="formats">Of all tracks described so far; null for the others.</param>
    public void Add(in RecordedPacket packet, ReadOnlySpan<TrackFormat?> formats)
    {
        if (_array is null)
        {
            var needed = LogRecordHeader.SizeInBytes + (formats.Length * ChunkFormat.FormatBytes) + PacketBytes(packet) + LogRecordHeader.TagBytes;
            _array = ArrayPool<byte>.Shared.Rent(Math.Max(needed, ChunkBytes));
            _length = LogRecordHeader.SizeInBytes;
            _flags = 0;
            _previous = MediaTime.Zero;
            _first = _last = packet.Time;
            foreach (var format in formats)
            {
                if (format is not null)
                    _length += ChunkFormat.WriteFormat(_array.AsSpan(_length), format);
            }
        }

        _length += ChunkFormat.WritePacket(_array.AsSpan(_length), packet, _previous);
        _previous = packet.Time;
        _first = MediaTime.Min(_first, packet.Time);
        _last = MediaTime.Max(_last, packet.Time);
        if (packet is { KeyFrame: true, Track: TrackKind.Video })
            _flags |= ChunkFormat.HoldsKeyFrame;
    }

    /// <summary>Encrypts what was gathered, hands it to the log and starts over. Does nothing when empty.</summary>
    /// <exception cref="LogStorageException">The disk refused it. What was gathered is gone: it was never acknowledged, and the log takes nothing more.</exception>
    public void SealInto(SealedLog log)
    {
        if (_array is null)
            return;
        var array = _array;
        _array = null;
        try
        {
            log.Append(array.AsSpan(0, _length + LogRecordHeader.TagBytes), _first.Microseconds, _last.Microseconds, _flags);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(array, clearArray: log.Fault is not null);
        }
    }

    private static int PacketBytes(in RecordedPacket packet) => ChunkFormat.MaxPacketOverhead + packet.Payload.Length;
}
