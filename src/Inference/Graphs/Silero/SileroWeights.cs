using System.Runtime.InteropServices;
using Onnx;

namespace MediaScore.Inference.Graphs.Silero;

/// <summary>The 16 kHz weights of Silero VAD (version 5), found in the exported graph by the names of its layers. All are row-major, as the export has them.</summary>
internal sealed class SileroWeights
{
    private readonly Dictionary<string, TensorProto> _initializers;

    private SileroWeights(ModelProto model) => _initializers = model.Graph.Initializer.ToDictionary(tensor => tensor.Name);

    /// <summary>Basis of the short-time Fourier transform, <c>[2 * Bins, FrameSamples]</c>: cosines, then sines, the Hann window in them.</summary>
    public float[] Basis => Floats("model.stft.forward_basis_buffer", 2 * SileroGeometry.Bins, 1, SileroGeometry.FrameSamples);

    /// <summary>Weights of the hidden state in the four gates, <c>[4 * Hidden, Hidden]</c>: input, forget, cell, output.</summary>
    public float[] HiddenToGates => Floats("model.decoder.rnn.weight_hh", 4 * SileroGeometry.Hidden, SileroGeometry.Hidden);

    /// <summary>Weights of the sound's features in the four gates, like <see cref="HiddenToGates"/>.</summary>
    public float[] FeaturesToGates => Floats("model.decoder.rnn.weight_ih", 4 * SileroGeometry.Hidden, SileroGeometry.Hidden);

    public float[] HiddenBias => Floats("model.decoder.rnn.bias_hh", 4 * SileroGeometry.Hidden);

    public float[] FeaturesBias => Floats("model.decoder.rnn.bias_ih", 4 * SileroGeometry.Hidden);

    public float[] Output => Floats("model.decoder.decoder.2.weight", 1, SileroGeometry.Hidden, 1);

    public float[] OutputBias => Floats("model.decoder.decoder.2.bias", 1);

    public static SileroWeights Read(string path)
    {
        using var stream = File.OpenRead(path);
        return new SileroWeights(ModelProto.Parser.ParseFrom(stream));
    }

    /// <summary>Weights of a convolution over time, <c>[outputs, inputs, 3]</c>.</summary>
    public float[] Convolution(int layer) =>
        Floats($"model.encoder.{layer}.reparam_conv.weight", SileroGeometry.Channels[layer + 1], SileroGeometry.Channels[layer], SileroGeometry.Taps);

    public float[] ConvolutionBias(int layer) => Floats($"model.encoder.{layer}.reparam_conv.bias", SileroGeometry.Channels[layer + 1]);

    private float[] Floats(string name, params ReadOnlySpan<long> shape)
    {
        if (!_initializers.TryGetValue(name, out var tensor) || tensor.DataType != (int)TensorProto.Types.DataType.Float)
            throw new InvalidDataException($"Not Silero VAD 5: it has no float weights '{name}'.");
        if (!tensor.Dims.SequenceEqual(shape.ToArray()))
            throw new InvalidDataException($"Not Silero VAD 5: '{name}' is [{string.Join(", ", tensor.Dims)}], not [{string.Join(", ", shape.ToArray())}].");
        return tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray() : [.. tensor.FloatData];
    }
}
