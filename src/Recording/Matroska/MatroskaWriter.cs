using System.Buffers.Binary;

namespace MediaScore.Recording.Matroska;

/// <summary>
/// Writes Matroska (RFC 9559) or WebM as a live stream: segment and clusters of unknown size, no index, nothing to go back to. So the output need not seek, and a
/// file cut anywhere still plays up to there. One thread at a time; the output stays the caller's.
/// </summary>
internal sealed class MatroskaWriter(Stream output)
{
    // A block's time is 16 bits of milliseconds relative to its cluster; five seconds is what FFmpeg uses for live clusters.
    private const long LongestClusterMs = 5000;
    private const int FlushBytes = 1 << 16;

    private readonly EbmlBuffer _buffer = new();
    private long? _clusterMs;

    /// <param name="isWebM">WebM's subset by name; the caller sees to its codecs.</param>
    /// <param name="duration">Of all media that will follow.</param>
    public void WriteHeader(bool isWebM, IReadOnlyList<MatroskaTrack> tracks, TimeSpan duration)
    {
        var header = new EbmlBuffer();
        header.UnsignedInteger(0x4286, 1); // EBMLVersion
        header.UnsignedInteger(0x42F7, 1); // EBMLReadVersion
        header.UnsignedInteger(0x42F2, 4); // EBMLMaxIDLength
        header.UnsignedInteger(0x42F3, 8); // EBMLMaxSizeLength
        header.Text(0x4282, isWebM ? "webm" : "matroska"); // DocType
        header.UnsignedInteger(0x4287, 4); // DocTypeVersion
        header.UnsignedInteger(0x4285, 2); // DocTypeReadVersion
        _buffer.Master(0x1A45DFA3, header);
        _buffer.MasterOfUnknownSize(0x18538067); // Segment

        var info = new EbmlBuffer();
        info.UnsignedInteger(0x2AD7B1, 1_000_000); // TimestampScale: nanoseconds, so times are milliseconds
        info.Float(0x4489, duration.TotalMilliseconds); // Duration
        info.Text(0x4D80, "MediaScore"); // MuxingApp
        info.Text(0x5741, "MediaScore"); // WritingApp
        _buffer.Master(0x1549A966, info);

        var entries = new EbmlBuffer();
        foreach (var track in tracks)
            entries.Master(0xAE, Describe(track));
        _buffer.Master(0x1654AE6B, entries); // Tracks
    }

    /// <param name="time">Since the beginning of the file; blocks of all tracks come in order of time.</param>
    public async ValueTask WriteBlockAsync(int track, TimeSpan time, bool keyFrame, ReadOnlyMemory<byte> payload, bool beginsCluster, CancellationToken cancellationToken)
    {
        var milliseconds = (long)Math.Round(time.TotalMilliseconds);
        if (_clusterMs is null || beginsCluster || milliseconds - _clusterMs > LongestClusterMs)
        {
            _buffer.MasterOfUnknownSize(0x1F43B675); // Cluster
            _buffer.UnsignedInteger(0xE7, (ulong)milliseconds); // Timestamp
            _clusterMs = milliseconds;
        }

        _buffer.Id(0xA3); // SimpleBlock
        _buffer.Size((ulong)payload.Length + 4);
        WriteBlockHeader((byte)(0x80 | track), (short)(milliseconds - _clusterMs.Value), keyFrame);
        _buffer.Raw(payload.Span);
        if (_buffer.Length >= FlushBytes)
            await FlushAsync(cancellationToken);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(_buffer.Written, cancellationToken);
        _buffer.Clear();
        await output.FlushAsync(cancellationToken);
    }

    private static EbmlBuffer Describe(MatroskaTrack track)
    {
        var entry = new EbmlBuffer();
        entry.UnsignedInteger(0xD7, (ulong)track.Number); // TrackNumber
        entry.UnsignedInteger(0x73C5, (ulong)track.Number); // TrackUID
        entry.UnsignedInteger(0x83, track.IsVideo ? 1u : 2u); // TrackType
        entry.UnsignedInteger(0x9C, 0); // FlagLacing
        entry.Text(0x86, track.CodecId); // CodecID
        if (track.CodecPrivate.Length > 0)
            entry.Binary(0x63A2, track.CodecPrivate); // CodecPrivate
        var kind = new EbmlBuffer();
        if (track.IsVideo)
        {
            kind.UnsignedInteger(0xB0, (ulong)track.Width); // PixelWidth
            kind.UnsignedInteger(0xBA, (ulong)track.Height); // PixelHeight
            entry.Master(0xE0, kind); // Video
            return entry;
        }

        if (track.CodecId == "A_OPUS")
            entry.UnsignedInteger(0x56BB, 80_000_000); // SeekPreRoll: 80 ms, RFC 7845, 4.6
        kind.Float(0xB5, track.SampleRate); // SamplingFrequency
        kind.UnsignedInteger(0x9F, (ulong)track.Channels); // Channels
        if (track.BitDepth > 0)
            kind.UnsignedInteger(0x6264, (ulong)track.BitDepth); // BitDepth
        entry.Master(0xE1, kind); // Audio
        return entry;
    }

    private void WriteBlockHeader(byte track, short relativeMs, bool keyFrame)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes[0] = track;
        BinaryPrimitives.WriteInt16BigEndian(bytes[1..], relativeMs);
        bytes[3] = keyFrame ? (byte)0x80 : (byte)0;
        _buffer.Raw(bytes);
    }
}
