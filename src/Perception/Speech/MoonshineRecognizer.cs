using System.Buffers;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;

namespace MediaScore.Perception.Speech;

/// <summary>
/// Moonshine (Jeffries et al. 2024, arXiv:2410.15608), tiny or base. The encoder hears each utterance alone, at its own length (it normalises over the whole of
/// it); the decoder writes all utterances of the process in one continuous batch.
/// </summary>
public sealed class MoonshineRecognizer : ISpeechRecognizer, IDisposable
{
    /// <summary>Longest utterance that the model is asked to hear. The pipeline cuts at 15 s; the model was trained on 4 to 30 s and bears a little more.</summary>
    public static readonly TimeSpan LongestUtterance = TimeSpan.FromSeconds(40);

    private static readonly int MostSamples = (int)LongestUtterance.TotalSeconds * MoonshineSound.SampleRate;

    private readonly InferencePool _pool;
    private readonly MoonshineTokenizer _tokenizer;
    private readonly ModelHandle _encoder;
    private readonly AutoregressiveDecoder _decoder;

    /// <param name="model">The prepared <c>moonshine-tiny-en</c> or <c>moonshine-base-en</c>. Loading takes about half a second.</param>
    /// <param name="vocabulary">The prepared <c>llama-vocabulary</c>.</param>
    public MoonshineRecognizer(InferencePool pool, PreparedModel model, PreparedModel vocabulary)
        : this(
            pool,
            model.Id,
            model.Version,
            model.Description.Language,
            new MoonshineFiles(model.PathOf("encoder.onnx"), model.PathOf("decoder_merged.onnx"), vocabulary.PathOf("vocabulary.txt")))
    {
    }

    internal MoonshineRecognizer(InferencePool pool, string modelId, string modelVersion, string language, MoonshineFiles files)
    {
        _pool = pool;
        (ModelId, ModelVersion, Language) = (modelId, modelVersion, language);
        _tokenizer = MoonshineTokenizer.Load(files.Vocabulary);
        _encoder = pool.Load(new ModelLoad($"{modelId}/encoder", files.Encoder)
        {
            VaryingShapes = true,
            WarmShape = [new RowShape(MoonshineSound.SampleRate)],
        });
        _decoder = new AutoregressiveDecoder(
            new AutoregressiveLoad($"{modelId}/decoder", files.Decoder)
            {
                MaxFrames = MoonshineSound.FrameCount(MostSamples),
                MaxTokens = MoonshineSound.TokenLimit(MostSamples) + 1,
                StartToken = MoonshineTokenizer.StartToken,
                EndToken = MoonshineTokenizer.EndToken,
            },
            pool.Time);
        _decoder.Register(pool);
    }

    public string Language { get; }

    public string ModelId { get; }

    public string ModelVersion { get; }

    public ValueTask<RecognizedSpeech> RecognizeAsync(ReadOnlyMemory<float> samples, RequestClass requestClass, CancellationToken cancellationToken) =>
        RecognizeAheadAsync(samples, requestClass, TimeSpan.Zero, cancellationToken);

    public async ValueTask<RecognizedSpeech> RecognizeAheadAsync(
        ReadOnlyMemory<float> samples, RequestClass requestClass, TimeSpan ahead, CancellationToken cancellationToken)
    {
        if (samples.Length > MostSamples)
            throw new ArgumentException($"An utterance of {samples.Length} samples is longer than {MostSamples} ({LongestUtterance.TotalSeconds} s).", nameof(samples));
        if (samples.IsEmpty)
            return RecognizedSpeech.Nothing;

        var sampleCount = MoonshineSound.PaddedSampleCount(samples.Length);
        var frameCount = MoonshineSound.FrameCount(sampleCount);
        if (sampleCount != samples.Length)
        {
            var padded = new float[sampleCount];
            samples.CopyTo(padded);
            samples = padded;
        }

        var asked = _pool.Time.GetTimestamp();
        TimeSpan? deadline = ahead > TimeSpan.Zero ? InferencePool.DeadlineOf(requestClass) + ahead : null;
        var states = ArrayPool<float>.Shared.Rent(frameCount * _decoder.StateWidth);
        try
        {
            var written = states.AsMemory(0, frameCount * _decoder.StateWidth);
            var outcome = await _pool.RunAsync(
                _encoder, new RowInput(samples, new RowShape(sampleCount)), written, requestClass, deadline, cancellationToken);
            if (outcome != RunOutcome.Completed)
                throw new InferenceFailedException(_encoder.Name, $"the pool answered {outcome}; a recogniser takes no Sampled requests");
            var limit = MoonshineSound.TokenLimit(sampleCount);
            return Describe(await _decoder.DecodeAsync(written, frameCount, limit, requestClass, ahead - _pool.Time.GetElapsedTime(asked), cancellationToken));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(states);
        }
    }

    /// <summary>Fails what is under way; before the pool is disposed.</summary>
    public void Dispose() => _decoder.Dispose();

    private RecognizedSpeech Describe(DecodedSequence decoded)
    {
        var tokens = new RecognizedToken[decoded.Tokens.Count];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = new RecognizedToken(decoded.Tokens[i], _tokenizer.Piece(decoded.Tokens[i]), decoded.LogProbabilities[i]);

        var sum = 0.0;
        foreach (var logProbability in decoded.LogProbabilities)
            sum += logProbability;
        var mean = decoded.LogProbabilities.Count == 0 ? 0 : sum / decoded.LogProbabilities.Count;
        return new RecognizedSpeech(
            _tokenizer.Decode(decoded.Tokens), tokens, mean, decoded.HitTokenLimit, TokenRepetition.Find(decoded.Tokens));
    }
}
