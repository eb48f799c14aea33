namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>Where the content of a part ends.</summary>
internal sealed partial class MultipartParser
{
    // Of the part that is being read, or was read last.
    private PartKind _kind = PartKind.Binary;
    private bool _isKindKnown;
    private bool _isLengthWrong;

    // JSON and XML are looked through once, in however small pieces they come.
    private int _textAt;
    private int _depth;
    private bool _isInString;
    private bool _isEscaped;
    private byte[]? _closingTag;

    private bool BeginBody(int at, PartHeaders headers)
    {
        MoveTo(at);
        (_headers, _stage, _isKindKnown, _isLengthWrong, _kind) = (headers, Stage.Body, false, false, PartKind.Binary);
        (_textAt, _depth, _isInString, _isEscaped, _closingTag) = (at, 0, false, false, null);
        return true;
    }

    private bool ReadBody(out MultipartPart? part)
    {
        part = null;
        if (!_isKindKnown && !TryLearnKind())
        {
            // Nothing but blanks so far.
            if (FindDelimiter() is { } empty)
                return Leave(empty.At);
            return _isComplete && BufferedBytes > 0 && Leave(_end);
        }

        part = _kind == PartKind.Binary ? ReadBinary() : ReadText();
        return part is not null;
    }

    private bool TryLearnKind()
    {
        if (!_headers.IsPicture)
        {
            var at = _start;
            while (at < _end && IsBlank(_buffer[at]))
                at++;
            if (at == _end)
                return false;
            _kind = _buffer[at] switch
            {
                (byte)'{' or (byte)'[' => PartKind.Json,
                (byte)'<' => PartKind.Xml,
                _ => PartKind.Binary,
            };
            _textAt = at;
        }
        else if (BufferedBytes == 0)
        {
            return false;
        }

        _isKindKnown = true;
        return true;
    }

    private bool Leave(int at)
    {
        MoveTo(at);
        _stage = Stage.Between;
        return true;
    }

    private MultipartPart Emit(int end, bool isCut)
    {
        var part = new MultipartPart(_kind, _headers.Name, _buffer.AsSpan(_start, end - _start).ToArray(), isCut);
        Leave(end);
        return part;
    }

    /// <summary>JSON and XML say themselves where they end. A delimiter before that means that the rest is lost.</summary>
    private MultipartPart? ReadText()
    {
        var next = FindDelimiter();
        var limit = next?.At ?? _end;
        var end = _kind == PartKind.Json ? EndOfJson(limit) : EndOfXml(limit);
        if (end >= 0)
            return Emit(end, isCut: false);
        if (next is { } delimiter)
            return Emit(delimiter.ContentEnd, isCut: true);
        return _isComplete ? Emit(_end, isCut: true) : null;
    }

    private MultipartPart? ReadBinary()
    {
        if (!_isLengthWrong && _headers.Length is { } length && length <= MaxPictureBytes)
        {
            if (BufferedBytes >= length)
            {
                var isRight = EndsAsJpeg(_start + length) ? true : IsFollowedByDelimiter(_start + length);
                if (isRight is not false)
                    return isRight is true ? Emit(_start + length, isCut: false) : null;
            }
            else if (FindDelimiter() is { } early)
            {
                // The length is too large where a picture ends right before; within one it is nothing but bytes that look so.
                if (!IsPicture || EndsAsJpeg(early.ContentEnd))
                    return Emit(early.ContentEnd, isCut: false);
                if (_isComplete)
                    return Emit(early.ContentEnd, isCut: true);
                _scan = early.At + 1;
                return null;
            }
            else
            {
                return _isComplete ? Emit(_end, isCut: true) : null;
            }

            // It said too little: from the beginning, by the delimiter alone.
            (_isLengthWrong, _scan) = (true, _start);
        }

        if (FindDelimiter() is { } next)
            return Emit(next.ContentEnd, isCut: false);
        return _isComplete ? Emit(_end, isCut: !EndsAsJpeg(_end)) : null;
    }

    private bool IsPicture => _headers.IsPicture || _buffer[_start] == 0xFF;

    private bool EndsAsJpeg(int end) => end - _start >= 4 && _buffer[_start] == 0xFF && _buffer[_start + 1] == 0xD8 && _buffer[end - 2] == 0xFF && _buffer[end - 1] == 0xD9;

    /// <returns>Null where too little has come to tell.</returns>
    private bool? IsFollowedByDelimiter(int at)
    {
        while (at < _end && _buffer[at] == '\r')
            at++;
        if (at < _end && _buffer[at] == '\n')
            at++;
        var rest = _buffer.AsSpan(at, _end - at);
        if (rest.Length >= _delimiter.Length)
            return rest.StartsWith(_delimiter);
        if (!_delimiter.AsSpan().StartsWith(rest))
            return false;
        return _isComplete ? rest.IsEmpty : null;
    }

    /// <returns>Behind the bracket that closes the first; -1 where it has not come.</returns>
    private int EndOfJson(int limit)
    {
        for (; _textAt < limit; _textAt++)
        {
            var value = _buffer[_textAt];
            if (_isEscaped)
            {
                _isEscaped = false;
            }
            else if (_isInString)
            {
                (_isEscaped, _isInString) = (value == '\\', value != '"');
            }
            else if (value == '"')
            {
                _isInString = true;
            }
            else if (value is (byte)'{' or (byte)'[')
            {
                _depth++;
            }
            else if (value is (byte)'}' or (byte)']' && --_depth == 0)
            {
                return ++_textAt;
            }
        }

        return -1;
    }

    /// <returns>Behind the closing tag of the root; -1 where it has not come.</returns>
    private int EndOfXml(int limit)
    {
        if (_closingTag is null && !TryFindRoot(limit, out var emptyEnd))
            return emptyEnd;
        while (_textAt < limit)
        {
            var rest = _buffer.AsSpan(_textAt, limit - _textAt);
            var found = rest.IndexOf(_closingTag);
            if (found < 0)
            {
                _textAt = Math.Max(_textAt, limit - _closingTag!.Length + 1);
                return -1;
            }

            var behind = rest[(found + _closingTag!.Length)..];
            var bracket = behind.IndexOfAnyExcept(" \t\r\n"u8);
            if (bracket < 0)
            {
                _textAt += found;
                return -1;
            }

            _textAt += found + _closingTag.Length + bracket;
            if (_buffer[_textAt] == '>')
                return ++_textAt;
        }

        return -1;
    }

    /// <param name="emptyEnd">Behind a root that is one tag only; else -1.</param>
    /// <returns>True once the closing tag is known.</returns>
    private bool TryFindRoot(int limit, out int emptyEnd)
    {
        emptyEnd = -1;
        while (_textAt < limit)
        {
            var rest = _buffer.AsSpan(_textAt, limit - _textAt);
            var bracket = rest.IndexOf((byte)'<');
            if (bracket < 0 || bracket + 1 >= rest.Length)
                return false;
            var tag = rest[bracket..];
            var end = tag.IndexOf((byte)'>');
            if (end < 0)
                return false;
            // A prolog or a comment; what else begins so ends at the delimiter.
            if (tag[1] is (byte)'?' or (byte)'!')
            {
                _textAt += bracket + end + 1;
                continue;
            }

            if (tag[end - 1] == '/')
            {
                emptyEnd = _textAt += bracket + end + 1;
                return false;
            }

            var name = tag[1..(tag[..end].IndexOfAny(" \t\r\n"u8) is var blank and > 0 ? blank : end)];
            _closingTag = [.. "</"u8, .. name];
            _textAt += bracket + end + 1;
            return true;
        }

        return false;
    }
}
