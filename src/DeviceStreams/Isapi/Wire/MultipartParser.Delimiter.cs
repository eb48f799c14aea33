namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>Where one part ends and the next begins.</summary>
internal sealed partial class MultipartParser
{
    private bool FindDelimiterLine()
    {
        while (_start < _end && IsBlank(_buffer[_start]))
            MoveTo(_start + 1);
        if (_start == _end)
            return false;
        // No multipart at all, whatever the header says; or the next of several JSON objects in one part.
        if (_buffer[_start] == '{' ? !_hasDelimiter || _kind == PartKind.Json : !_hasDelimiter && _buffer[_start] is (byte)'[' or (byte)'<')
            return BeginBody(_start, _hasDelimiter ? _headers : new PartHeaders());
        if (!_hasDelimiter && _buffer[_start] == 0xEF && BufferedBytes >= 3 && _buffer.AsSpan(_start, 3) is [0xEF, 0xBB, 0xBF])
        {
            MoveTo(_start + 3);
            return true;
        }

        if (!_hasDelimiter && TryAdopt(isFirstLine: true))
            return true;
        if (FindDelimiter() is { } found)
            return Pass(found);
        if (!_hasDelimiter && (_isComplete || BufferedBytes > MaxPreambleBytes))
        {
            if (TryAdopt(isFirstLine: false))
                return true;
            if (BufferedBytes > MaxPreambleBytes && !_isComplete)
                Fault = $"no delimiter in the first {MaxPreambleBytes} bytes";
        }

        // Nothing in here begins a delimiter any more.
        if (_hasDelimiter)
            _start = Math.Max(_start, _scan - 1);
        return false;
    }

    /// <summary>Takes the delimiter from the body where the header names none, or another: in another case, or through a proxy that renamed it.</summary>
    private bool TryAdopt(bool isFirstLine)
    {
        var data = _buffer.AsSpan(_start, _end - _start);
        while (!data.IsEmpty)
        {
            var lineEnd = data.IndexOf((byte)'\n');
            if (lineEnd < 0 && !_isComplete)
                return false;
            var line = (lineEnd < 0 ? data : data[..lineEnd]).TrimEnd(" \t\r"u8);
            if (line is [(byte)'-', (byte)'-', _, ..] && line.Length <= 202)
            {
                // At the beginning only what differs in case; anything else may be a preamble's dashes.
                if (isFirstLine && _delimiter.Length > 0 && !System.Text.Ascii.EqualsIgnoreCase(line, _delimiter))
                    return false;
                if (!isFirstLine || !line.SequenceEqual(_delimiter))
                {
                    _delimiter = line.ToArray();
                    MoveTo(_end - data.Length);
                }

                return FindDelimiter() is { } found && Pass(found);
            }

            if (isFirstLine || lineEnd < 0)
                return false;
            data = data[(lineEnd + 1)..];
        }

        return false;
    }

    private bool Pass(Delimiter found)
    {
        MoveTo(found.Next);
        (_hasDelimiter, _stage, _kind) = (true, found.IsClosing ? Stage.Between : Stage.DelimiterLine, PartKind.Binary);
        return true;
    }

    private bool EndDelimiterLine()
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        var lineEnd = rest.IndexOf((byte)'\n');
        // Blanks and carriage returns only, or it is no delimiter's line any more.
        if (lineEnd < 0 && rest.IndexOfAnyExcept(" \t\r"u8) < 0 && rest.Length < 256 && !_isComplete)
            return false;
        if (lineEnd >= 0 && rest[..lineEnd].IndexOfAnyExcept(" \t\r"u8) < 0)
            MoveTo(_start + lineEnd + 1);
        (_headers, _stage) = (new PartHeaders(), Stage.Headers);
        return true;
    }

    private bool IsDelimiterLine(ReadOnlySpan<byte> line) =>
        _delimiter.Length > 0 && line.StartsWith(_delimiter) && line[_delimiter.Length..].TrimEnd(" \t"u8) is [] or [(byte)'-', (byte)'-'];

    /// <summary>From where the last look ended.</summary>
    private Delimiter? FindDelimiter()
    {
        var data = _buffer.AsSpan(0, _end);
        var at = Math.Max(_scan, _start);
        if (_delimiter.Length == 0)
        {
            _scan = _end;
            return null;
        }

        while (true)
        {
            var found = data[at..].IndexOf(_delimiter);
            if (found < 0)
            {
                // Its first bytes may stand at the end, behind a line's.
                _scan = Math.Max(at, _end - _delimiter.Length - 1);
                return null;
            }

            at += found;
            var next = at + _delimiter.Length;
            if (at == _start || data[at - 1] is (byte)'\n' or (byte)'\r')
            {
                var ending = data[next..];
                if (!_isComplete && ending is [] or [(byte)'-'])
                {
                    _scan = at;
                    return null;
                }

                switch (ending)
                {
                    case [] or [(byte)'-']:
                        return new Delimiter(at, ContentEnd(at), _end, IsClosing: true);
                    case [(byte)'-', (byte)'-', ..]:
                        return new Delimiter(at, ContentEnd(at), next + 2, IsClosing: true);
                    case [(byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t', ..]:
                        return new Delimiter(at, ContentEnd(at), next, IsClosing: false);
                    default:
                        break;
                }
            }

            at++;
        }
    }

    /// <summary>One line break belongs to the delimiter, and no more: a picture may end in any byte.</summary>
    private int ContentEnd(int at)
    {
        if (at > _start && _buffer[at - 1] == '\n')
            at--;
        return at > _start && _buffer[at - 1] == '\r' ? at - 1 : at;
    }

    /// <param name="At">Its first dash.</param>
    /// <param name="ContentEnd">Where what stands before it ends.</param>
    /// <param name="Next">Behind it, on its line.</param>
    private readonly record struct Delimiter(int At, int ContentEnd, int Next, bool IsClosing);
}
