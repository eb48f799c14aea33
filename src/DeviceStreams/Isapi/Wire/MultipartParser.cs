namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>
/// Takes a multipart body apart as it comes: an event stream that never ends, or a posted body. Bytes in, parts out; no socket, no clock. A JSON or XML part is handed out as soon as it is
/// whole, since the next delimiter of a stream may come ten seconds later. Memory is bounded; no input throws. Not thread-safe.
/// </summary>
/// <remarks>
/// What a part's Content-Length says is believed only where a delimiter, or the end, follows it: devices count wrongly. A picture may contain anything, so there the length goes first.
/// </remarks>
internal sealed partial class MultipartParser
{
    /// <summary>Of JSON or XML without an end. An event has 1 KB.</summary>
    public const int MaxTextBytes = 1 << 20;

    /// <summary>Of a picture; a terminal's has 30 to 300 KB.</summary>
    public const int MaxPictureBytes = 8 << 20;

    private const int MaxHeaderBytes = 16 << 10;

    // So much without the announced delimiter, and the first line that looks like one is taken.
    private const int MaxPreambleBytes = 64 << 10;
    private const int SmallBuffer = 16 << 10;

    private byte[] _buffer = new byte[SmallBuffer];
    private int _start;
    private int _end;

    // Before it no delimiter begins.
    private int _scan;
    private Stage _stage = Stage.Between;
    private byte[] _delimiter;
    private bool _hasDelimiter;
    private bool _isComplete;
    private PartHeaders _headers = new();

    /// <param name="boundary">As the header says; null where it says none.</param>
    public MultipartParser(string? boundary) => _delimiter = boundary is { Length: > 0 and <= 200 } ? DelimiterOf(System.Text.Encoding.Latin1.GetBytes(boundary)) : [];

    private enum Stage
    {
        /// <summary>Before a delimiter: at the beginning, and behind each part.</summary>
        Between,

        /// <summary>Behind a delimiter, on its line.</summary>
        DelimiterLine,
        Headers,
        Body,
    }

    /// <summary>What is held now.</summary>
    public int BufferedBytes => _end - _start;

    /// <summary>A part has begun, and is not whole yet.</summary>
    public bool IsWithinPart => _stage == Stage.Headers || (_stage == Stage.Body && BufferedBytes > 0);

    /// <summary>Why nothing more is read: a part beyond every bound. Null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <param name="bytes">Copied.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Fault is not null || bytes.IsEmpty)
            return;
        MakeRoom(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Nothing more will come: what has begun is handed out as it is.</summary>
    public void Complete() => _isComplete = true;

    /// <returns>The next part; null where more must come first, or where there is none any more.</returns>
    public MultipartPart? TryRead()
    {
        while (Fault is null)
        {
            MultipartPart? part = null;
            var hasMoved = _stage switch
            {
                Stage.Between => FindDelimiterLine(),
                Stage.DelimiterLine => EndDelimiterLine(),
                Stage.Headers => ReadHeaders(),
                _ => ReadBody(out part),
            };
            if (part is not null)
                return part;
            if (!hasMoved)
                break;
        }

        if (Fault is null && BufferedBytes > (_stage == Stage.Body && _kind == PartKind.Binary ? MaxPictureBytes : MaxTextBytes) + MaxHeaderBytes)
            Fault = $"a part of more than {(_kind == PartKind.Binary ? MaxPictureBytes : MaxTextBytes)} bytes";
        Settle();
        return null;
    }

    private static byte[] DelimiterOf(ReadOnlySpan<byte> boundary) => [.. "--"u8, .. boundary];

    private static bool IsBlank(byte value) => value <= (byte)' ';

    private void MakeRoom(int count)
    {
        if (_end + count <= _buffer.Length)
            return;
        var (length, moved) = (_end - _start, _start);
        var size = _buffer.Length;
        while (size < length + count)
            size = checked(size * 2);
        var buffer = size == _buffer.Length ? _buffer : new byte[size];
        _buffer.AsSpan(_start, length).CopyTo(buffer);
        (_buffer, _start, _end) = (buffer, 0, length);
        (_scan, _textAt) = (_scan - moved, _textAt - moved);
    }

    /// <summary>Holds no more memory than is of use: there may be hundreds of streams, and each may have brought a picture.</summary>
    private void Settle()
    {
        if (Fault is null && _start < _end)
            return;
        (_start, _end, _scan, _textAt) = (0, 0, 0, 0);
        if (_buffer.Length > SmallBuffer)
            _buffer = new byte[SmallBuffer];
    }

    private void MoveTo(int at) => (_start, _scan) = (at, at);

    private bool ReadHeaders()
    {
        var headers = new PartHeaders();
        var at = _start;
        while (true)
        {
            if (at >= _end)
                return (_isComplete || at - _start > MaxHeaderBytes) && BeginBody(at, headers);
            // The blank line is missing, or the headers are.
            if (_buffer[at] is (byte)'{' or (byte)'[' or (byte)'<' or 0xFF)
                return BeginBody(at, headers);
            var rest = _buffer.AsSpan(at, _end - at);
            var lineEnd = rest.IndexOf((byte)'\n');
            if (lineEnd < 0)
                return (_isComplete || _end - _start > MaxHeaderBytes) && BeginBody(at, headers);
            var line = rest[..lineEnd].TrimEnd((byte)'\r');
            if (line.IsEmpty)
                return BeginBody(at + lineEnd + 1, headers);
            if (IsDelimiterLine(line))
            {
                // A part of nothing.
                MoveTo(at);
                _stage = Stage.Between;
                return true;
            }

            var colon = line.IndexOf((byte)':');
            var isContinuation = headers.Count > 0 && line[0] is (byte)' ' or (byte)'\t';
            if (!isContinuation && (colon <= 0 || at - _start > MaxHeaderBytes))
                return BeginBody(at, headers);
            if (!isContinuation)
                headers.Add(line[..colon], line[(colon + 1)..]);
            at += lineEnd + 1;
        }
    }
}
