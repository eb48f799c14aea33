using System.Runtime.InteropServices;
using Google.Protobuf;
using MediaScore.Inference.Catalog;
using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace MediaScore.Inference.Tests.Graphs.Moonshine;

/// <summary>What an exported encoder holds for its convolutions, with few channels and random weights; and what they answer, computed step by step.</summary>
internal sealed class SmallEncoder
{
    public const int Width = 8;
    public const float Scale = 0.0078125f;

    private readonly GraphProto _graph = new();
    private readonly List<Kernel> _kernels = [];
    private readonly float[] _gain = new float[Width];
    private readonly float[] _offset = new float[Width];

    // A struct that counts: readonly, it would give one number for ever.
    private SeededNumbers _numbers = new(5);

    public SmallEncoder()
    {
        Add("layers.0.input_layernorm.weight", [Width], new float[Width]);
        Add("layer_norm.weight", [Width], new float[Width]);
        // Heads of four.
        Add("/layers.0/self_attn/Sqrt_1_output_0", [1], [MathF.Pow(4, -0.25f)]);
        AddKernel(outputs: Width, inputs: 1, taps: 127, stride: 64, zeroPoint: -2, bias: false);
        AddKernel(outputs: 2 * Width, inputs: Width, taps: 7, stride: 3, zeroPoint: 9, bias: true);
        AddKernel(outputs: Width, inputs: 2 * Width, taps: 3, stride: 2, zeroPoint: -7, bias: true);
        Fill(_gain, 0.5, 1.5);
        Fill(_offset, -0.5, 0.5);
        Add("gain", [Width, 1], _gain);
        Add("offset", [Width, 1], _offset);
        _graph.Node.Add(new NodeProto { OpType = "Mul", Input = { "x", "gain" }, Output = { "/groupnorm/Mul_output_0" } });
        _graph.Node.Add(new NodeProto { OpType = "Add", Input = { "y", "offset" }, Output = { "/groupnorm/Add_output_0" } });
    }

    public ModelProto Package => new() { Graph = _graph };

    /// <returns><c>[T, Width]</c>.</returns>
    public double[] Frames(ReadOnlySpan<float> samples)
    {
        var sound = Array.ConvertAll(_kernels[0].Apply(samples.ToArray().Select(sample => (double)sample).ToArray()), Math.Tanh);
        var mean = sound.Average();
        var deviation = Math.Sqrt(sound.Average(value => (value - mean) * (value - mean)) + 1e-5);
        for (var i = 0; i < sound.Length; i++)
            sound[i] = ((sound[i] - mean) / deviation * _gain[i % Width]) + _offset[i % Width];
        return Array.ConvertAll(_kernels[2].Apply(Array.ConvertAll(_kernels[1].Apply(sound), Gelu)), Gelu);
    }

    // x times the normal distribution, whose integral is summed up in small steps.
    private static double Gelu(double x)
    {
        const int Steps = 2000;
        var (sum, step) = (0.0, x / Steps);
        for (var i = 0; i < Steps; i++)
            sum += Math.Exp(-0.5 * Math.Pow((i + 0.5) * step, 2)) * step;
        return x * (0.5 + (sum / Math.Sqrt(2 * Math.PI)));
    }

    private void AddKernel(int outputs, int inputs, int taps, int stride, int zeroPoint, bool bias)
    {
        var name = $"conv{_kernels.Count + 1}";
        var values = new sbyte[outputs * inputs * taps];
        for (var i = 0; i < values.Length; i++)
            values[i] = (sbyte)((_numbers.NextUnit() * 256) - 128);
        Add($"{name}.weight_quantized", [outputs, inputs, taps], DataType.Int8, MemoryMarshal.AsBytes(values.AsSpan()));
        Add($"{name}.weight_scale", [1], [Scale]);
        Add($"{name}.weight_zero_point", [1], [-zeroPoint * Scale]);
        var biases = new float[outputs];
        if (bias)
            Add($"{name}.bias", [outputs], Fill(biases, -1, 1));
        _kernels.Add(new Kernel(outputs, inputs, taps, stride, Array.ConvertAll(values, value => (value - zeroPoint) * (double)Scale), biases));
    }

    private float[] Fill(float[] values, double low, double high)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(low + (_numbers.NextUnit() * (high - low)));
        return values;
    }

    private void Add(string name, long[] shape, float[] values) => Add(name, shape, DataType.Float, MemoryMarshal.AsBytes(values.AsSpan()));

    private void Add(string name, long[] shape, DataType type, ReadOnlySpan<byte> bytes) =>
        _graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)type, Dims = { shape }, RawData = ByteString.CopyFrom(bytes) });

    /// <param name="Weights"><c>[outputs, inputs, taps]</c>, as exported.</param>
    private sealed record Kernel(int Outputs, int Inputs, int Taps, int Stride, double[] Weights, float[] Biases)
    {
        /// <param name="frames"><c>[time, inputs]</c>.</param>
        public double[] Apply(double[] frames)
        {
            var count = (((frames.Length / Inputs) - Taps) / Stride) + 1;
            var result = new double[count * Outputs];
            for (var i = 0; i < result.Length; i++)
            {
                var (frame, output) = (i / Outputs, i % Outputs);
                result[i] = Biases[output];
                for (var k = 0; k < Inputs * Taps; k++)
                    result[i] += frames[(((frame * Stride) + (k / Inputs)) * Inputs) + (k % Inputs)] * Weights[(((output * Inputs) + (k % Inputs)) * Taps) + (k / Inputs)];
            }

            return result;
        }
    }
}
