using MediaScore.Inference.Graphs.Moonshine;

namespace MediaScore.Inference.Decoding;

/// <summary>
/// The decoder of Moonshine (Jeffries et al. 2024, arXiv:2410.15608), tiny or base: one token of any number of utterances of any length and age. No row's answer
/// depends on its neighbours: products are exact integers with a scale a row, and everything else is done a row at a time. Why it is not a graph:
/// <c>docs/decisions/0008-decoder-kernels.md</c>. Not thread-safe.
/// </summary>
internal sealed class MoonshineDecoder
{
    private readonly DecoderLayer[] _layers;
    private readonly float[] _lastNorm;
    private readonly MatrixTiles _tokens;
    private readonly SelfAttention _selfAttention;
    private readonly CrossAttention _crossAttention;
    private readonly int _heads;
    private readonly int _maxTokens;

    // The frames of an utterance that joins, and one projection of them, [channel][frame].
    private readonly MatrixTiles _frames;
    private readonly float[] _channels;

    // One row each.
    private readonly ByteRows _narrow;
    private readonly ByteRows _wide;
    private readonly float[] _sums;
    private readonly float[] _projected;
    private readonly float[] _row;
    private readonly float[] _wideRow;
    private readonly float[] _logits;

    /// <param name="capacity">Most rows of a step.</param>
    public MoonshineDecoder(MoonshineDecoderWeights weights, int capacity, int maxTokens, int maxFrames)
    {
        _layers = [.. Enumerable.Range(0, weights.Layers).Select(layer => new DecoderLayer(weights, layer))];
        if (Array.Find(_layers, layer => layer.Up.Columns != 2 * layer.Down.Inputs || layer.Down.Inputs != _layers[0].Down.Inputs) is { } odd)
            throw new InvalidDataException($"A layer goes up to {odd.Up.Columns} and down from {odd.Down.Inputs}.");
        _lastNorm = weights.Gain("norm.weight");
        _tokens = MatrixTiles.From(weights.EmbeddingMatrix().Transpose());
        (_heads, _maxTokens) = (weights.Heads, maxTokens);
        _selfAttention = new SelfAttention(weights.Heads, weights.HeadWidth, maxTokens, weights.RotaryFrequencies());
        _crossAttention = new CrossAttention(weights.Heads, weights.HeadWidth, maxFrames);

        Width = weights.Width;
        _frames = new MatrixTiles(Width, CrossAttention.Padded(maxFrames));
        _channels = new float[Width * _frames.Columns];
        (_narrow, _wide) = (new ByteRows(capacity, Width), new ByteRows(capacity, _layers[0].Down.Inputs));
        _sums = new float[capacity * Width];
        _projected = new float[capacity * _layers.Max(layer => Math.Max(layer.SelfProjection.Columns, layer.Up.Columns))];
        (_row, _wideRow) = (new float[Width], new float[_wide.Width]);
        _logits = new float[capacity * _tokens.Columns];
    }

    /// <summary>Width of a frame and of a token's vector.</summary>
    public int Width { get; }

    /// <summary>Numbers that the tokens of one sequence leave behind, at most.</summary>
    public int TokenMemoryLength => _layers.Length * _maxTokens * _selfAttention.TokenLength;

    /// <summary>Bytes that the frames of one sequence leave behind, at most.</summary>
    public int FrameMemoryLength => FrameMemoryOf(_frames.Columns) * _layers.Length;

    /// <summary>Scales of those bytes.</summary>
    public int FrameScaleCount => _layers.Length * 2 * Width;

    /// <summary>Logits of a row of the last step.</summary>
    public ReadOnlySpan<float> Logits(int row) => _logits.AsSpan(row * _tokens.Columns, _tokens.Columns);

    /// <summary>Computes keys and values of cross attention of all layers, once a sequence.</summary>
    /// <param name="states">Encoder output, <c>[frame][width]</c>, finite.</param>
    public void Hear(ReadOnlySpan<float> states, Span<sbyte> memory, Span<float> scales)
    {
        var frames = states.Length / Width;
        var padded = CrossAttention.Padded(frames);
        // One scale for the whole utterance, as the package's own graph has it.
        var scale = ByteScale.Of(states);
        _row.AsSpan().Clear();
        for (var frame = 0; frame < padded; frame++)
            _frames.SetColumn(frame, frame < frames ? states.Slice(frame * Width, Width) : _row, scale);
        foreach (var layer in _layers)
        {
            Store(layer.CrossKeys, padded, areKeys: true, memory, scales);
            memory = memory[(Width * padded)..];
            scales = scales[Width..];
            Store(layer.CrossValues, padded, areKeys: false, memory, scales);
            memory = memory[(Width * padded)..];
            scales = scales[Width..];
        }
    }

    /// <summary>Reads one token of each of the first rows and writes what may follow it to <see cref="Logits"/>.</summary>
    public void Step(int rowCount, DecoderSlots slots)
    {
        for (var row = 0; row < rowCount; row++)
            _tokens.ReadColumn(slots.Token(row), Sum(row));
        for (var index = 0; index < _layers.Length; index++)
        {
            var layer = _layers[index];
            AttendToTokens(layer, index, rowCount, slots);
            AttendToFrames(layer, index, rowCount, slots);
            Feed(layer, rowCount);
        }

        Normalize(rowCount, _lastNorm);
        MatrixProduct.Multiply(_narrow, rowCount, _tokens, _tokens.Columns, _logits);
    }

    private void AttendToTokens(DecoderLayer layer, int index, int rowCount, DecoderSlots slots)
    {
        Normalize(rowCount, layer.SelfNorm);
        MatrixProduct.Multiply(_narrow, rowCount, layer.SelfProjection, layer.SelfProjection.Columns, _projected);
        var length = _maxTokens * _selfAttention.TokenLength;
        for (var row = 0; row < rowCount; row++)
        {
            var packed = _projected.AsSpan(row * layer.SelfProjection.Columns, layer.SelfProjection.Columns);
            _selfAttention.Attend(packed, slots.TokenMemory(row).Slice(index * length, length), slots.Position(row), _row);
            _narrow.Set(row, _row);
        }

        AddProduct(_narrow, layer.SelfDense, rowCount);
    }

    private void AttendToFrames(DecoderLayer layer, int index, int rowCount, DecoderSlots slots)
    {
        Normalize(rowCount, layer.CrossNorm);
        MatrixProduct.Multiply(_narrow, rowCount, layer.CrossQuery, Width, _projected);
        for (var row = 0; row < rowCount; row++)
        {
            var frames = slots.FrameCount(row);
            var length = FrameMemoryOf(CrossAttention.Padded(frames));
            _crossAttention.Attend(
                _projected.AsSpan(row * Width, Width),
                slots.FrameMemory(row).Slice(index * length, length),
                slots.FrameScales(row).Slice(index * 2 * Width, 2 * Width),
                frames,
                _row);
            _narrow.Set(row, _row);
        }

        AddProduct(_narrow, layer.CrossDense, rowCount);
    }

    private void Feed(DecoderLayer layer, int rowCount)
    {
        Normalize(rowCount, layer.WideNorm);
        MatrixProduct.Multiply(_narrow, rowCount, layer.Up, layer.Up.Columns, _projected);
        for (var row = 0; row < rowCount; row++)
        {
            RowVectors.Gate(_projected.AsSpan(row * layer.Up.Columns, layer.Up.Columns), _wideRow);
            _wide.Set(row, _wideRow);
        }

        AddProduct(_wide, layer.Down, rowCount);
    }

    private void Normalize(int rowCount, float[] gain)
    {
        for (var row = 0; row < rowCount; row++)
        {
            RowVectors.Normalize(Sum(row), gain, _row);
            _narrow.Set(row, _row);
        }
    }

    private void AddProduct(ByteRows rows, MatrixTiles tiles, int rowCount)
    {
        MatrixProduct.Multiply(rows, rowCount, tiles, Width, _projected);
        RowVectors.Add(_projected.AsSpan(0, rowCount * Width), _sums);
    }

    private void Store(ByteRows projection, int padded, bool areKeys, Span<sbyte> memory, Span<float> scales)
    {
        MatrixProduct.Multiply(projection, Width, _frames, padded, _channels);
        var headWidth = Width / _heads;
        for (var channel = 0; channel < Width; channel++)
        {
            var values = _channels.AsSpan(channel * padded, padded);
            var head = memory.Slice(channel / headWidth * headWidth * padded, headWidth * padded);
            scales[channel] = areKeys
                ? CrossAttention.StoreKeys(values, headWidth, channel % headWidth, head)
                : CrossAttention.StoreValues(values, channel % headWidth, head);
        }
    }

    private Span<float> Sum(int row) => _sums.AsSpan(row * Width, Width);

    private int FrameMemoryOf(int paddedFrames) => 2 * Width * paddedFrames;
}
