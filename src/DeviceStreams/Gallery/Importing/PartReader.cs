namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>Reads a part of a text, without a copy of it.</summary>
internal sealed class PartReader(ReadOnlyMemory<char> text) : TextReader
{
    private int _at;

    public override int Peek() => _at < text.Length ? text.Span[_at] : -1;

    public override int Read() => _at < text.Length ? text.Span[_at++] : -1;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        var count = Math.Min(buffer.Length, text.Length - _at);
        text.Span.Slice(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }
}
