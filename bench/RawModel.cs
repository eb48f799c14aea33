using MediaScore.Inference;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Benchmarks;

/// <summary>
/// The bound that the pool is held against: one session, tensors bound once (on a card: handed over once a run), nothing but ONNX Runtime in the loop. The session
/// has the pool's own options, for each model those that the product opens it with.
/// </summary>
internal sealed class RawModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding? _binding;
    private readonly RunOptions _options = new();
    private readonly List<string> _inputNames = [];
    private readonly List<OrtValue> _inputs = [];
    private readonly List<string> _outputNames = [];
    private readonly List<OrtValue> _outputs = [];

    /// <param name="varyingShapes">As the product's load of this model says (<see cref="ModelLoad.VaryingShapes"/>).</param>
    private RawModel(string path, bool varyingShapes)
    {
        _session = OnnxSessions.Open(path, varyingShapes);
        // A binding would leave the inputs on the card, and their way there out of the time.
        _binding = OnnxSessions.IsOnCard ? null : _session.CreateIoBinding();
    }

    /// <summary>Silero VAD, <c>[rows, 576]</c>.</summary>
    public static RawModel VoiceActivity(int rowCount) => VoiceActivity(BenchmarkModels.Find("silero-vad"), rowCount);

    /// <summary>The same of another file.</summary>
    public static RawModel VoiceActivity(string path, int rowCount)
    {
        var model = new RawModel(path, varyingShapes: false);
        model.Input("input", BenchmarkModels.Noise(rowCount * 576, 1), rowCount, 576);
        model.Input("state", new float[2 * rowCount * 128], 2, rowCount, 128);
        model.Input("sr", new long[] { 16_000 });
        model.Output("output", rowCount, 1);
        model.Output("stateN", 2, rowCount, 128);
        return model;
    }

    /// <summary>MiniLM, <c>[rows, tokens]</c>.</summary>
    public static RawModel Sentence(int rowCount, int tokenCount)
    {
        var model = new RawModel(BenchmarkModels.Find("minilm-l6-en"), varyingShapes: true);
        model.Input("input_ids", [.. Enumerable.Range(0, rowCount * tokenCount).Select(i => 1000L + i)], rowCount, tokenCount);
        model.Input("attention_mask", [.. Enumerable.Repeat(1L, rowCount * tokenCount)], rowCount, tokenCount);
        model.Input("token_type_ids", new long[rowCount * tokenCount], rowCount, tokenCount);
        model.Output("last_hidden_state", rowCount, tokenCount, 384);
        return model;
    }

    /// <summary>Moonshine tiny's encoder, one utterance.</summary>
    public static RawModel SpeechEncoder(int sampleCount, int frameCount)
    {
        var model = new RawModel(BenchmarkModels.Find("moonshine-tiny-en", "encoder.onnx"), varyingShapes: true);
        model.Input(model._session.InputNames[0], BenchmarkModels.Noise(sampleCount, 1), 1, sampleCount);
        model.Output(model._session.OutputNames[0], 1, frameCount, 288);
        return model;
    }

    /// <summary>A model of faces, one picture, with the outputs that the product asks for.</summary>
    public static RawModel Picture(FaceKernel kernel)
    {
        var model = new RawModel(BenchmarkModels.Find(kernel.ModelId), varyingShapes: false);
        model.Input(kernel.Input, BenchmarkModels.Noise(kernel.Shape.ElementCount, 1), [1, .. Enumerable.Range(0, kernel.Shape.Rank).Select(i => (long)kernel.Shape[i])]);
        foreach (var (name, _) in kernel.Outputs)
            model.Output(name, [.. model._session.OutputMetadata[name].Dimensions.Select(extent => (long)Math.Max(1, extent))]);
        return model;
    }

    public void Run()
    {
        if (_binding is null)
            _session.Run(_options, _inputNames, _inputs, _outputNames, _outputs);
        else
            _session.RunWithBinding(_options, _binding);
    }

    public void Dispose()
    {
        _binding?.Dispose();
        _options.Dispose();
        foreach (var value in _inputs.Concat(_outputs))
            value.Dispose();
        _session.Dispose();
    }

    private void Input<T>(string name, T[] values, params long[] shape)
        where T : unmanaged
    {
        _inputNames.Add(name);
        _inputs.Add(OrtValue.CreateTensorValueFromMemory(values, shape));
        _binding?.BindInput(name, _inputs[^1]);
    }

    private void Output(string name, params long[] shape)
    {
        _outputNames.Add(name);
        _outputs.Add(OrtValue.CreateTensorValueFromMemory(new float[shape.Aggregate(1L, (product, extent) => product * extent)], shape));
        _binding?.BindOutput(name, _outputs[^1]);
    }
}
