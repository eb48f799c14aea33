using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>
/// Walks over the records of a log and says how it ends. Works on files cut at any byte and on files that grow meanwhile. Owns neither file nor cipher.
/// </summary>
internal sealed class LogCursor
{
    private const int SearchBlockBytes = 1 << 16;

    private readonly ILogFile _file;
    private readonly LogCipher _cipher;
    private readonly byte[] _headerBytes = new byte[LogRecordHeader.SizeInBytes];
    private long _offset = LogFileHeader.SizeInBytes;
    private ulong _nextSequence;
    private ulong _epoch;

    public LogCursor(ILogFile file, LogCipher cipher)
    {
        _file = file;
        _cipher = cipher;
        End = new LogEnd(LogEndKind.Complete, _offset);
    }

    /// <summary>The record that <see cref="MoveNext"/> came to.</summary>
    public LogRecordHeader Header { get; private set; }

    /// <summary>Valid once <see cref="MoveNext"/> or <see cref="TryReadBody"/> returned false.</summary>
    public LogEnd End { get; private set; }

    /// <summary>The tail is no mere beginning of a record: its bytes are worth keeping.</summary>
    public bool TailHoldsData { get; private set; }

    /// <summary>Where the cursor stands; give it back to <see cref="Position"/> to read the same record's body again.</summary>
    public (long Offset, ulong NextSequence, LogRecordHeader Header) Position
    {
        get => (_offset, _nextSequence, Header);
        set => (_offset, _nextSequence, Header) = value;
    }

    /// <summary>Reads and checks a log's header.</summary>
    /// <exception cref="LogDamagedException">Another content, version or key.</exception>
    /// <returns>Null where the file ends within the header, or never got one: nothing was ever stored in it.</returns>
    public static LogFileHeader? ReadFileHeader(string path, ILogFile file, LogContent content, LogCipher cipher)
    {
        Span<byte> bytes = stackalloc byte[LogFileHeader.SizeInBytes];
        var length = file.Read(bytes, 0);
        // The header is flushed before the first record is written: a short or blank one means that there is no record.
        if (length < LogFileHeader.SizeInBytes || (!bytes.ContainsAnyExcept((byte)0) && file.Length == length))
            return null;
        var header = LogFileHeader.TryRead(bytes, content, out var fault) ?? throw new LogDamagedException($"{path} cannot be read: {fault}.");
        if (header.KeyCheck != cipher.KeyCheck)
            throw new LogDamagedException($"{path} cannot be read: it was written with another data key. Was the interview erased, or the key store replaced?");
        cipher.Bind(header.InterviewIdHash.Span);
        return header;
    }

    /// <summary>Goes to the next record; reads its header only.</summary>
    public bool MoveNext()
    {
        var attempt = TryAdvance();
        // In a file that grows, a record that was being written at the first look is whole at the second.
        if (attempt.Kind == LogEndKind.Damaged)
            attempt = TryAdvance();
        if (attempt.Offset < _offset)
            return true;
        End = attempt;
        return false;
    }

    /// <summary>Decrypts the current record's body into a new array. On false the log ends before this record, and there is no body.</summary>
    public bool TryReadBody(out ReadOnlyMemory<byte> body)
    {
        var size = LogRecordHeader.SizeInBytes + Header.BodyLength;
        var start = _offset - size;
        var record = GC.AllocateUninitializedArray<byte>(size);
        body = record.AsMemory(LogRecordHeader.SizeInBytes, Header.BodyLength - LogRecordHeader.TagBytes);
        var end = default(LogEnd);
        var whole = HasFittingBody(record, start);
        if (!whole)
        {
            end = EndAtBadRecord(start, $"the checksum of record {Header.Sequence} does not fit");
            whole = end.Kind == LogEndKind.Damaged && HasFittingBody(record, start);
        }

        if (whole)
        {
            if (_cipher.TryDecrypt(record))
                return true;
            // A fitting checksum on a body that does not authenticate is no torn write.
            end = new LogEnd(LogEndKind.Damaged, start, $"record {Header.Sequence} does not authenticate: it was changed on purpose, or moved here");
        }

        // Ciphertext, or worse: whoever went on with it would take noise for packets.
        body = default;
        _offset = start;
        _nextSequence--;
        End = end;
        return false;
    }

    private bool HasFittingBody(byte[] record, long start) =>
        _file.Read(record, start) == record.Length && Crc32C.Compute(record.AsSpan(LogRecordHeader.SizeInBytes)) == Header.BodyCrc;

    /// <summary>Moves behind the next record and returns its offset, or stays and returns how the log ends.</summary>
    private LogEnd TryAdvance()
    {
        var length = _file.Length;
        if (length <= _offset)
            return new LogEnd(LogEndKind.Complete, _offset);
        if (_file.Read(_headerBytes, _offset) < LogRecordHeader.SizeInBytes)
            return new LogEnd(LogEndKind.Torn, _offset, "the file ends within a record's header");
        if (!LogRecordHeader.TryRead(_headerBytes, out var header))
            return EndAtBadRecord(_offset, "a record's header has no mark or a wrong checksum");
        if (header.Sequence != _nextSequence)
            return EndAtBadRecord(_offset, $"record {header.Sequence} stands where {_nextSequence} belongs");
        if (header.Epoch < _epoch)
            return EndAtBadRecord(_offset, $"record {header.Sequence} was written in epoch {header.Epoch}, after one of epoch {_epoch}");
        var next = _offset + LogRecordHeader.SizeInBytes + header.BodyLength;
        if (next > length)
            return new LogEnd(LogEndKind.Torn, _offset, "the file ends within a record's body");
        var start = _offset;
        Header = header;
        _offset = next;
        _nextSequence++;
        _epoch = header.Epoch;
        return new LogEnd(LogEndKind.Complete, start);
    }

    /// <summary>
    /// A bad record is a torn write unless something that was written later says that this part of the file had been on disk already. (Without a
    /// flush between, a disk may keep a later page and lose an earlier one.)
    /// </summary>
    private LogEnd EndAtBadRecord(long offset, string reason)
    {
        TailHoldsData = true;
        return FindLaterRecord(offset + 1) is { } later && later.DurableLength > offset
            ? new LogEnd(LogEndKind.Damaged, offset, reason + $"; record {later.Sequence} after it is whole")
            : new LogEnd(LogEndKind.Torn, offset, reason);
    }

    /// <summary>The last whole header from <paramref name="from"/> on; it knows the most about what was durable.</summary>
    private LogRecordHeader? FindLaterRecord(long from)
    {
        LogRecordHeader? found = null;
        var block = new byte[SearchBlockBytes + LogRecordHeader.SizeInBytes];
        for (; ; from += SearchBlockBytes)
        {
            // Blocks overlap by one header, so none is missed at a seam.
            var count = _file.Read(block, from);
            for (var i = 0; i < Math.Min(count, SearchBlockBytes); i++)
            {
                var next = block.AsSpan(i, count - i).IndexOf(LogRecordHeader.Mark);
                if (next < 0)
                    break;
                i += next;
                if (LogRecordHeader.TryRead(block.AsSpan(i, count - i), out var header) && header.DurableLength <= from + i)
                    found = header;
            }

            if (count < block.Length)
                return found;
        }
    }
}
