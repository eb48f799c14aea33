using MediaScore.Codecs.Video;

namespace MediaScore.Codecs.Containers;

/// <summary>
/// Access units out of an H.264 Annex B byte stream that has access unit delimiters (FFmpeg: <c>-bsf:v h264_metadata=aud=insert</c>). The format carries no
/// times: count units at the stream's constant rate. Memory is bounded by one access unit. Not thread safe; the stream stays the caller's.
/// </summary>
public sealed class AnnexBReader(Stream stream)
{
    private const int ReadLength = 64 * 1024;
    private const int DelimiterLength = 4; // 00 00 01 09; a fourth zero before it belongs to the start code too.

    private byte[] _buffer = new byte[2 * ReadLength];
    private int _start; // The unit being gathered begins here.
    private int _searched; // No delimiter begins before here, apart from the one at _start.
    private int _end;
    private bool _opened;
    private bool _streamEnded;
    private bool _ended;

    /// <summary>The access unit read last, start codes and delimiter included; valid until the next read.</summary>
    public ReadOnlyMemory<byte> AccessUnit { get; private set; }

    /// <summary>Units read before this one; -1 before the first read.</summary>
    public long Index { get; private set; } = -1;

    /// <summary>Why reading stopped before a proper end; null after a clean one.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the next access unit; false at the end, clean or not (<see cref="Error"/>).</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_ended || (!_opened && !await OpenAsync(cancellationToken)))
            return false;
        while (true)
        {
            var next = FindDelimiter(_searched, _end);
            if (next >= 0 || _streamEnded)
                return Take(next >= 0 ? next : _end);
            _searched = Math.Max(_searched, _end - DelimiterLength + 1);
            if (_end - _start > VideoKeyFrameDecoder.MaxAccessUnitBytes)
                return Stop($"H.264 access unit of more than {VideoKeyFrameDecoder.MaxAccessUnitBytes} bytes (or no access unit delimiters).");
            await ReadMoreAsync(cancellationToken);
        }
    }

    private async ValueTask<bool> OpenAsync(CancellationToken cancellationToken)
    {
        while (!_streamEnded && _end < DelimiterLength + 1)
            await ReadMoreAsync(cancellationToken);
        if (_end == 0)
            return Stop("Empty: no H.264 access unit.");
        var first = FindDelimiter(0, Math.Min(_end, DelimiterLength + 1));
        if (first is not 0)
            return Stop("Not an H.264 byte stream with access unit delimiters (it does not begin with 00 00 01 09).");
        _searched = DelimiterLength;
        _opened = true;
        return true;
    }

    private bool Take(int end)
    {
        if (end == _start)
        {
            _ended = true;
            return false;
        }

        AccessUnit = _buffer.AsMemory(_start, end - _start);
        Index++;
        _start = end;
        _searched = Math.Min(_end, end + DelimiterLength);
        return true;
    }

    /// <summary>Where the next delimiter's start code begins, its optional fourth zero included; -1 where there is none.</summary>
    private int FindDelimiter(int from, int to)
    {
        var span = _buffer.AsSpan(0, to);
        for (var at = from; at + DelimiterLength <= to;)
        {
            var found = span[at..].IndexOf(AnnexB.StartCode);
            if (found < 0 || at + found + DelimiterLength > to)
                return -1;
            at += found;
            if ((span[at + 3] & 0x1F) == AnnexB.AccessUnitDelimiter)
                return at > _start && span[at - 1] == 0 ? at - 1 : at;
            at += 3;
        }

        return -1;
    }

    private async ValueTask ReadMoreAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length - _end < ReadLength)
        {
            var kept = _end - _start;
            var target = kept + ReadLength <= _buffer.Length && _start > 0 ? _buffer : new byte[Math.Max(_buffer.Length, kept + ReadLength) * 2];
            _buffer.AsSpan(_start, kept).CopyTo(target);
            _buffer = target;
            _searched -= _start;
            _end = kept;
            _start = 0;
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _streamEnded = read == 0;
    }

    private bool Stop(string error)
    {
        Error = error;
        _ended = true;
        return false;
    }
}
