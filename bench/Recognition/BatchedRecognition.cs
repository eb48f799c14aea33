using MediaScore.Inference;
using MediaScore.Perception.Speech;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Benchmarks.Recognition;

/// <summary>The prepared graphs, driven by a loop of our own on one thread.</summary>
internal sealed class BatchedRecognition : IDisposable
{
    /// <summary>Sounds recognised before any that count, so that a run is not one of the compiler.</summary>
    public const int WarmSounds = 8;

    private readonly InferenceSession _encoder;
    private readonly AutoregressiveDecoder _decoder;
    private readonly RunOptions _runOptions = new();

    /// <param name="encoderPath">Another encoder than the prepared one.</param>
    public BatchedRecognition(string modelFolder, int batch, string? encoderPath = null)
    {
        _encoder = OneThread.Open(encoderPath ?? Path.Combine(modelFolder, "encoder.onnx"));
        var load = new AutoregressiveLoad("decoder", Path.Combine(modelFolder, "decoder_merged.onnx"))
        {
            MaxBatch = batch,
            MaxFrames = 1664,
            MaxTokens = 241,
            StartToken = MoonshineTokenizer.StartToken,
            EndToken = MoonshineTokenizer.EndToken,
        };
        _decoder = new AutoregressiveDecoder(load, TimeProvider.System);
    }

    public async Task<RecognitionRun> RecognizeAsync(IReadOnlyList<Sound> sounds, MoonshineTokenizer tokenizer)
    {
        var started = Environment.CpuUsage.TotalTime;
        var states = sounds.Select(sound => Encode(sound.Samples)).ToList();
        var encoderTime = Environment.CpuUsage.TotalTime - started;

        started = Environment.CpuUsage.TotalTime;
        var answers = new Task<DecodedSequence>[sounds.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            var frameCount = states[i].Length / _decoder.StateWidth;
            answers[i] = _decoder.DecodeAsync(states[i], frameCount, sounds[i].TokenLimit, RequestClass.Live, CancellationToken.None).AsTask();
        }

        var steps = 0;
        while (_decoder.HasWork)
        {
            _decoder.Step();
            steps++;
        }

        var decoderTime = Environment.CpuUsage.TotalTime - started;
        var sequences = await Task.WhenAll(answers);
        return new RecognitionRun([.. sequences.Select(sequence => tokenizer.Decode(sequence.Tokens))], encoderTime, decoderTime, steps);
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _encoder.Dispose();
        _runOptions.Dispose();
    }

    private float[] Encode(float[] samples)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(samples, [1, samples.Length]);
        using var output = _encoder.Run(_runOptions, ["input_values"], [input], ["last_hidden_state"]);
        return output[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
