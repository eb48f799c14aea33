using System.Buffers.Binary;
using System.Security.Cryptography;
using MediaScore.Keys;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>
/// The writing end of an encrypted append-only log: recovery, encryption, one write a record, flush. Its owner serialises all calls but <see cref="Flush"/>.
/// After the first fault it accepts nothing more: what a disk lost once, a second flush would only pretend to have written.
/// </summary>
internal sealed class SealedLog : IDisposable
{
    private readonly string _path;
    private readonly ILogFile _file;
    private readonly LogCipher _cipher;
    private readonly ulong _epoch;
    private readonly ulong _noncePrefix = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private uint _nonceCounter;
    private ulong _nextSequence;
    private long _length;
    private long _durableLength;

    private SealedLog(string path, ILogFile file, LogCipher cipher, ulong epoch)
    {
        _path = path;
        _file = file;
        _cipher = cipher;
        _epoch = epoch;
    }

    public LogRecovery Recovery { get; private set; }

    /// <summary>What the disk refused; null while all is well.</summary>
    public LogStorageException? Fault { get; private set; }

    /// <summary>Bytes handed to the system.</summary>
    public long Length => Interlocked.Read(ref _length);

    /// <summary>Bytes that survive a power cut.</summary>
    public long DurableLength => Interlocked.Read(ref _durableLength);

    /// <summary>Sequence of the record that comes next.</summary>
    public ulong NextSequence => _nextSequence;

    /// <param name="found">Told of each whole record, in order: its header and its decrypted body.</param>
    public static SealedLog Open(
        ILogFiles files, InterviewFolder folder, string path, LogContent content, DataKey key, ulong epoch, Action<LogRecordHeader, ReadOnlyMemory<byte>> found)
    {
        var cipher = new LogCipher(key, content);
        ILogFile? file = null;
        try
        {
            file = files.OpenForWriting(path);
            var log = new SealedLog(path, file, cipher, epoch);
            log.Recover(LogFileHeader.HashInterviewId(folder.InterviewId), content, found);
            return log;
        }
        catch (Exception fault)
        {
            file?.Dispose();
            cipher.Dispose();
            if (fault is IOException and not LogStorageException)
                throw new LogStorageException($"{path} cannot be opened: {fault.Message}", fault);
            throw;
        }
    }

    /// <summary>Encrypts the record in place and hands it to the system; it is on disk after the next <see cref="Flush"/>.</summary>
    /// <param name="record">Room for the header, plaintext, room for the tag. Holds ciphertext afterwards.</param>
    /// <exception cref="LogStorageException">The disk refused it, now or earlier.</exception>
    public void Append(Span<byte> record, long firstStamp, long lastStamp, byte flags)
    {
        ThrowIfFaulted();
        var body = record[LogRecordHeader.SizeInBytes..];
        var header = new LogRecordHeader(
            body.Length, _nextSequence, _epoch, firstStamp, lastStamp, _noncePrefix, checked(_nonceCounter++), flags, DurableLength, BodyCrc: 0);
        header.WriteAuthenticated(record);
        _cipher.Encrypt(record);
        (header with { BodyCrc = Crc32C.Compute(body) }).Write(record);
        try
        {
            _file.Write(record, _length);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Fail("written", fault);
        }

        _nextSequence++;
        Interlocked.Add(ref _length, record.Length);
        RecordingMeter.BytesWritten.Add(record.Length);
    }

    /// <summary>Makes everything appended before the call durable. May run beside <see cref="Append"/>, not beside itself.</summary>
    /// <exception cref="LogStorageException">The disk refused it, now or earlier.</exception>
    public void Flush()
    {
        ThrowIfFaulted();
        var length = Length;
        if (length == DurableLength)
            return;
        try
        {
            _file.Flush();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Fail("flushed to disk", fault);
        }

        Interlocked.Exchange(ref _durableLength, length);
    }

    public void ThrowIfFaulted()
    {
        if (Fault is { } fault)
            throw new LogStorageException(fault.Message, fault);
    }

    public void Dispose()
    {
        _file.Dispose();
        _cipher.Dispose();
    }

    private void Recover(byte[] interviewIdHash, LogContent content, Action<LogRecordHeader, ReadOnlyMemory<byte>> found)
    {
        var fileHeader = LogCursor.ReadFileHeader(_path, _file, content, _cipher);
        if (fileHeader is null)
        {
            WriteFileHeader(new LogFileHeader(content, interviewIdHash, _epoch, _cipher.KeyCheck));
            return;
        }

        if (!fileHeader.InterviewIdHash.Span.SequenceEqual(interviewIdHash))
            throw new LogDamagedException($"{_path} belongs to another interview.");
        var cursor = new LogCursor(_file, _cipher);
        var last = default(LogRecordHeader);
        while (cursor.MoveNext() && cursor.TryReadBody(out var body))
        {
            last = cursor.Header;
            _nextSequence = last.Sequence + 1;
            found(last, body);
        }

        if (last.Epoch > _epoch || fileHeader.CreatedEpoch > _epoch)
            throw new LogFencedException($"{_path} was written by a later owner (epoch {Math.Max(last.Epoch, fileHeader.CreatedEpoch)}; this one is {_epoch}).");
        if (cursor.End.Kind == LogEndKind.Damaged)
            throw new LogDamagedException($"{_path} is damaged at byte {cursor.End.Offset}: {cursor.End.Reason}. Nothing was changed; what lies before it can be read.");
        _length = cursor.End.Offset;
        var tornBytes = _file.Length - _length;
        if (tornBytes > 0)
        {
            if (cursor.TailHoldsData)
                KeepTail(tornBytes);
            _file.Truncate(_length);
        }

        // Also what was whole may not be on disk yet: a process that was killed leaves it to the system.
        _file.Flush();
        _durableLength = _length;
        Recovery = new LogRecovery((long)_nextSequence, tornBytes, last.Epoch);
    }

    private void WriteFileHeader(LogFileHeader header)
    {
        Span<byte> bytes = stackalloc byte[LogFileHeader.SizeInBytes];
        header.Write(bytes);
        _cipher.Bind(header.InterviewIdHash.Span);
        _file.Truncate(0);
        _file.Write(bytes, 0);
        _file.Flush();
        _durableLength = _length = bytes.Length;
    }

    /// <summary>Nothing that might still be read is thrown away: the tail is kept beside the log, encrypted as it is.</summary>
    private void KeepTail(long tornBytes)
    {
        var tail = new byte[checked((int)tornBytes)];
        _file.Read(tail, _length);
        // Blank space is what a power cut leaves of a page that was never written.
        if (!tail.AsSpan().ContainsAnyExcept((byte)0))
            return;
        DurableFile.Write($"{_path}.cut-{_length}", tail);
    }

    private LogStorageException Fail(string what, Exception fault) => Fault ??= new LogStorageException(
        $"{_path} cannot be {what}: {fault.Message} Free the disk or mend it, then let the interview resume: it is opened again from its last durable record.", fault);
}
