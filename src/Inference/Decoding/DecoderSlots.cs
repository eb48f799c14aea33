namespace MediaScore.Inference.Decoding;

/// <summary>
/// What sequences leave behind between steps, a slot each. Memory is reserved for the longest, but touched only as far as used. Rows of a step are the first
/// slots; when a sequence leaves, the last one takes its number, and nothing is copied. Not thread-safe.
/// </summary>
internal sealed class DecoderSlots : IDisposable
{
    private readonly MoonshineDecoder _decoder;
    private readonly int[] _places;
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _frameCounts;
    private readonly SlotMemory<float> _tokenMemory;
    private readonly SlotMemory<sbyte> _frameMemory;
    private readonly SlotMemory<float> _frameScales;

    public DecoderSlots(MoonshineDecoder decoder, int count)
    {
        _decoder = decoder;
        _places = [.. Enumerable.Range(0, count)];
        (_tokens, _positions, _frameCounts) = (new int[count], new int[count], new int[count]);
        _tokenMemory = new(count, decoder.TokenMemoryLength);
        _frameMemory = new(count, decoder.FrameMemoryLength);
        _frameScales = new(count, decoder.FrameScaleCount);
    }

    /// <summary>Token that the next step reads.</summary>
    public int Token(int slot) => _tokens[_places[slot]];

    /// <summary>Tokens read so far.</summary>
    public int Position(int slot) => _positions[_places[slot]];

    public int FrameCount(int slot) => _frameCounts[_places[slot]];

    public Span<float> TokenMemory(int slot) => _tokenMemory.Row(_places[slot]);

    public Span<sbyte> FrameMemory(int slot) => _frameMemory.Row(_places[slot]);

    public Span<float> FrameScales(int slot) => _frameScales.Row(_places[slot]);

    /// <summary>Gives a slot to a new sequence.</summary>
    /// <param name="states">Encoder output, finite; not needed afterwards.</param>
    public void Join(int slot, ReadOnlySpan<float> states, int startToken)
    {
        var place = _places[slot];
        (_tokens[place], _positions[place], _frameCounts[place]) = (startToken, 0, states.Length / _decoder.Width);
        _decoder.Hear(states, _frameMemory.Row(place), _frameScales.Row(place));
    }

    /// <summary>Moves a slot on by the token just read.</summary>
    public void Advance(int slot, int nextToken)
    {
        _positions[_places[slot]]++;
        _tokens[_places[slot]] = nextToken;
    }

    /// <summary>Swaps two sequences' slots.</summary>
    public void Swap(int one, int other) => (_places[one], _places[other]) = (_places[other], _places[one]);

    public void Dispose()
    {
        _tokenMemory.Dispose();
        _frameMemory.Dispose();
        _frameScales.Dispose();
    }
}
