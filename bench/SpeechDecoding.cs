using MediaScore.Inference;

namespace MediaScore.Benchmarks;

/// <summary>One decoder, stepped by a pool or by the caller.</summary>
internal sealed class SpeechDecoding : IDisposable
{
    private const int TokenLimit = 30;

    private readonly AutoregressiveDecoder _decoder;
    private readonly float[] _states;
    private readonly bool _stepsItself;

    /// <param name="states">Encoder output of one utterance.</param>
    /// <param name="pool">Steps it; null: <see cref="RunAsync"/> does.</param>
    public SpeechDecoding(float[] states, InferencePool? pool)
    {
        _states = states;
        _decoder = new AutoregressiveDecoder(
            new AutoregressiveLoad("decoder", BenchmarkModels.Find("moonshine-tiny-en", "decoder_merged.onnx"))
            {
                MaxFrames = SpeechEncoderBenchmarks.FrameCount,
                MaxTokens = TokenLimit + 1,
                StartToken = 1,

                // No such token: every utterance writes as many.
                EndToken = -1,
            },
            TimeProvider.System);
        _stepsItself = pool is null;
        if (pool is not null)
            _decoder.Register(pool);
    }

    public static async Task<float[]> EncodeAsync(InferencePool pool)
    {
        var model = pool.Load(new ModelLoad("encoder", BenchmarkModels.Find("moonshine-tiny-en", "encoder.onnx")) { VaryingShapes = true });
        var states = new float[SpeechEncoderBenchmarks.FrameCount * 288];
        var sound = BenchmarkModels.Noise(SpeechEncoderBenchmarks.SampleCount, 3);
        await pool.RunAsync(model, new RowInput(sound, new RowShape(sound.Length)), states, RequestClass.Live);
        return states;
    }

    /// <returns>Tokens written.</returns>
    public async Task<int> RunAsync(int utteranceCount)
    {
        var answers = new Task<DecodedSequence>[utteranceCount];
        for (var i = 0; i < utteranceCount; i++)
            answers[i] = _decoder.DecodeAsync(_states, SpeechEncoderBenchmarks.FrameCount, TokenLimit, RequestClass.Live, CancellationToken.None).AsTask();
        while (_stepsItself && _decoder.HasWork)
            _decoder.Step();
        var tokenCount = 0;
        foreach (var answer in answers)
            tokenCount += (await answer).Tokens.Count;
        return tokenCount;
    }

    public void Dispose() => _decoder.Dispose();
}
