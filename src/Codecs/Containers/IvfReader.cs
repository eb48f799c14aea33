using System.Buffers.Binary;
using System.Text;
using MediaScore.Codecs.Video;

namespace MediaScore.Codecs.Containers;

/// <summary>
/// Frames out of an IVF file (VP8), with their times, in order, from any readable stream. Memory is bounded by one frame. Not thread safe; the stream stays the
/// caller's. Layout: a 32-byte header (<c>DKIF</c>, version, header length, FourCC, width, height, time base), then per frame its length (u32), its time in
/// units of the time base (u64) and its bytes, all little-endian.
/// </summary>
public sealed class IvfReader(Stream stream)
{
    /// <summary>Largest frame that is read, as for decoding.</summary>
    public const int MaxFrameBytes = VideoKeyFrameDecoder.MaxAccessUnitBytes;

    private const int FileHeaderLength = 32;
    private const int FrameHeaderLength = 12;

    private readonly byte[] _header = new byte[FileHeaderLength];
    private byte[] _frame = [];
    private bool _opened;
    private bool _ended;
    private uint _unitsPerSecond;
    private uint _unit;

    /// <summary>Width as the header claims it; set by the first successful read.</summary>
    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>The frame read last; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Frame { get; private set; }

    /// <summary>When the frame read last is shown.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Why reading stopped before a proper end; null after a clean one.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the next frame; false at the end, clean or not (<see cref="Error"/>).</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_ended || (!_opened && !await OpenAsync(cancellationToken)))
            return false;
        switch (await BoundedReading.FillAsync(stream, _header.AsMemory(0, FrameHeaderLength), cancellationToken))
        {
            case BoundedReading.Outcome.End:
                _ended = true;
                return false;
            case BoundedReading.Outcome.Cut:
                return Stop("IVF file cut inside a frame header.");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_header);
        if (length > MaxFrameBytes)
            return Stop($"IVF frame of {length} bytes; at most {MaxFrameBytes} are read.");
        if (!TryScale(BinaryPrimitives.ReadUInt64LittleEndian(_header.AsSpan(4)), out var time))
            return Stop("IVF frame with an absurd time.");
        if (_frame.Length < length)
            _frame = new byte[Math.Max(length, 2 * _frame.Length)];
        if (await BoundedReading.FillAsync(stream, _frame.AsMemory(0, (int)length), cancellationToken) != BoundedReading.Outcome.Whole)
            return Stop("IVF file cut inside a frame.");
        Frame = _frame.AsMemory(0, (int)length);
        Time = time;
        return true;
    }

    private async ValueTask<bool> OpenAsync(CancellationToken cancellationToken)
    {
        var outcome = await BoundedReading.FillAsync(stream, _header, cancellationToken);
        if (outcome == BoundedReading.Outcome.End)
            return Stop("Empty: no IVF header.");
        if (outcome == BoundedReading.Outcome.Cut || !_header.AsSpan(0, 4).SequenceEqual("DKIF"u8))
            return Stop("Not an IVF file (it does not begin with DKIF).");
        var fourCc = _header.AsSpan(8, 4);
        if (!fourCc.SequenceEqual("VP80"u8))
            return Stop($"IVF file of codec '{Printable(fourCc)}'; only VP80 is read.");
        if (BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(6)) != FileHeaderLength)
            return Stop("IVF file with a header of unknown length.");
        Width = BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(12));
        Height = BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(14));
        _unitsPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(16));
        _unit = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(20));
        if (_unitsPerSecond == 0 || _unit == 0)
            return Stop("IVF file without a time base.");
        _opened = true;
        return true;
    }

    private bool TryScale(ulong units, out TimeSpan time)
    {
        var microseconds = (UInt128)units * _unit * 1_000_000 / _unitsPerSecond;
        // A day: interviews are shorter, and sums of such times can't overflow.
        var sane = microseconds <= 86_400_000_000;
        time = sane ? TimeSpan.FromMicroseconds((long)microseconds) : default;
        return sane;
    }

    private bool Stop(string error)
    {
        Error = error;
        _ended = true;
        return false;
    }

    private static string Printable(ReadOnlySpan<byte> fourCc)
    {
        var text = new StringBuilder();
        foreach (var value in fourCc)
            text.Append(value is > 0x20 and < 0x7F ? (char)value : '?');
        return text.ToString();
    }
}
