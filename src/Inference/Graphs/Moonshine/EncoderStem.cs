namespace MediaScore.Inference.Graphs.Moonshine;

/// <summary>
/// The three convolutions that make frames of sound, as products: time is the first axis and the channels of a frame follow each other in memory, so that the
/// frames of a window, side by side, are a row of one factor and the kernel is the other.
/// </summary>
internal sealed class EncoderStem(GraphComposer graph, MoonshineEncoderWeights weights)
{
    private const float NormEpsilon = 1e-5f;

    // Samples from one window of 127 to the next.
    private const int Hop = 64;

    /// <returns><c>[1, T, Width]</c>.</returns>
    public string Add(string samples)
    {
        var sound = graph.Node("Tanh", "sound", [ConvolveSamples(samples)]);
        var second = graph.Node($"{GraphComposer.Contrib}:Gelu", "conv2.gelu", [Convolve(2, NormalizeWhole(sound), taps: 7, stride: 3)]);
        var third = graph.Node($"{GraphComposer.Contrib}:Gelu", "conv3.gelu", [Convolve(3, second, taps: 3, stride: 2)]);
        return graph.Node("Reshape", "frames", [third, graph.Constant("frames.shape", [1L, -1L, weights.Width])]);
    }

    // Windows of 128 samples, two hops: the kernel's 128th weight is 0. So the last window may need one sample more than there is; one is added.
    private string ConvolveSamples(string samples)
    {
        graph.Node("Concat", "padded", [samples, graph.Constant("silent_sample", [0f], 1, 1)], ("axis", 1));
        graph.Node("Shape", "padded.shape", ["padded"]);
        graph.Node("Gather", "padded.length", ["padded.shape", graph.Constant("one", [1L])]);
        graph.Node("Div", "hops", ["padded.length", graph.Constant("hop", [(long)Hop])]);
        graph.Node("Mul", "hops.length", ["hops", "hop"]);
        graph.Node("Slice", "whole_hops", ["padded", graph.Constant("zero", [0L]), "hops.length", "one"]);
        graph.Node("Reshape", "by_hop", ["whole_hops", graph.Constant("by_hop.shape", [-1L, Hop])]);
        graph.Node("Slice", "hop_before", ["by_hop", "zero", graph.Constant("last", [-1L]), "zero"]);
        graph.Node("Slice", "hop_after", ["by_hop", "one", graph.Constant("end", [long.MaxValue]), "zero"]);
        graph.Node("Concat", "conv1.windows", ["hop_before", "hop_after"], ("axis", 1));

        // Sound has more than eight bits: this product stays in 32.
        var kernel = weights.Convolution(1).ToFloats();
        Array.Resize(ref kernel, 2 * Hop * weights.Width);
        return graph.Node("MatMul", "conv1", ["conv1.windows", graph.Constant("conv1.kernel", kernel, 2 * Hop, weights.Width)]);
    }

    // One mean and one variance over all frames and channels, then a gain and an offset a channel.
    private string NormalizeWhole(string input)
    {
        var (gain, offset) = weights.GroupNorm();
        graph.Node("Reshape", "whole", [input, graph.Constant("whole.shape", [1L, 1L, -1L])]);
        graph.Node(
            "InstanceNormalization", "whole.normed", ["whole", graph.Constant("unit_gain", [1f], 1), graph.Constant("no_offset", [0f], 1)], ("epsilon", NormEpsilon));
        graph.Node("Reshape", "sound.normed", ["whole.normed", graph.Constant("sound.shape", [-1L, weights.Width])]);
        graph.Node("Mul", "sound.scaled", ["sound.normed", graph.Constant("sound.gain", gain, weights.Width)]);
        return graph.Node("Add", "sound.moved", ["sound.scaled", graph.Constant("sound.offset", offset, weights.Width)]);
    }

    // The package convolves in 32 bits, and 8 would be heard: so the input is quantised to 8 bits, what that left over to 8 more, and the kernel, 8 bits in the
    // package, multiplies both. Two products of bytes take half the time of one of floats.
    private string Convolve(int number, string input, int taps, int stride)
    {
        var name = $"conv{number}";
        var products = new ByteProducts(graph);
        var coarse = products.Quantize(input);
        var rounded = graph.Node("DequantizeLinear", $"{name}.rounded", [coarse.Bytes, coarse.Scale, coarse.ZeroPoint]);
        var rest = products.Quantize(graph.Node("Sub", $"{name}.rest", [input, rounded]));

        // The kernel stands in the file twice: it is packed for each product anyway, and a shared one could not be turned (ByteProductPrecision).
        var kernel = weights.Convolution(number);
        coarse = coarse with { Bytes = Windows($"{name}.coarse", coarse.Bytes, taps, stride) };
        rest = rest with { Bytes = Windows($"{name}.fine", rest.Bytes, taps, stride) };
        return graph.Node(
            "Add",
            name,
            [products.Multiply($"{name}.coarse", coarse, kernel, weights.Vector($"{name}.bias")), products.Multiply($"{name}.fine", rest, kernel)]);
    }

    // Frame k of each window is every stride-th frame from the k-th on; the last frames that fill no window are left out, counted from the end.
    private string Windows(string name, string input, int taps, int stride)
    {
        var step = graph.Constant($"{name}.stride", [(long)stride]);
        var frames = new string[taps];
        for (var tap = 0; tap < taps; tap++)
        {
            var from = graph.Constant($"{name}.from.{tap}", [(long)tap]);
            var to = graph.Constant($"{name}.to.{tap}", [tap + 1 < taps ? tap + 1L - taps : long.MaxValue]);
            frames[tap] = graph.Node("Slice", $"{name}.frame.{tap}", [input, from, to, "zero", step]);
        }

        return graph.Node("Concat", $"{name}.windows", frames, ("axis", 1));
    }
}
