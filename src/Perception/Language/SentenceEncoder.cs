using MediaScore.Inference;

namespace MediaScore.Perception.Language;

/// <summary>
/// Turns an English sentence into a direction whose cosine with another's says how near their meanings are: all-MiniLM-L6-v2 (Apache-2.0), mean over the
/// tokens, unit length. Thread-safe.
/// </summary>
public sealed class SentenceEncoder
{
    /// <summary>Values of one embedding.</summary>
    public const int Dimensions = 384;

    /// <summary>Longest text in word pieces, the two marks included; what follows is not read (the model card's own limit).</summary>
    public const int MaxTokens = 256;

    /// <param name="modelPath">The prepared <c>minilm-l6-en</c> model.</param>
    /// <param name="vocabularyPath">Its <c>vocab.txt</c>.</param>
    /// <param name="modelVersion">As it shall stand in observations.</param>
    public SentenceEncoder(InferencePool pool, string modelPath, string vocabularyPath, string modelVersion) => ModelVersion = modelVersion;

    public string ModelId { get; } = "minilm-l6-en";

    public string ModelVersion { get; }

    /// <summary>The embedding of one text.</summary>
    /// <returns><see cref="Dimensions"/> values of unit length, the caller's own.</returns>
    public ValueTask<SentenceEmbedding> EncodeAsync(string text, RequestClass requestClass, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Not yet.");

    /// <summary>The embeddings of many texts, in their order.</summary>
    public ValueTask<IReadOnlyList<SentenceEmbedding>> EncodeManyAsync(IReadOnlyList<string> texts, RequestClass requestClass, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Not yet.");
}
