using System.Collections.Concurrent;
using MediaScore.Inference;
using MediaScore.Perception.Language;

namespace MediaScore.Pipelines.Text;

/// <summary>
/// What the encoder said of the plans' anchors. All interviews of a plan are compared with the same ones, and an embedding does not depend on who else is asked at the
/// time, so each text is encoded once a process. Thread-safe.
/// </summary>
public sealed class AnchorEmbeddings
{
    // 30 plans of 130 anchors; 1.5 KiB each.
    private const int Capacity = 4096;

    private readonly ConcurrentDictionary<string, SentenceEmbedding> _known = new(StringComparer.Ordinal);

    /// <returns>In the order of the texts.</returns>
    internal async Task<IReadOnlyList<SentenceEmbedding>> GetAsync(
        IReadOnlyList<string> texts, Func<IReadOnlyList<string>, RequestClass, CancellationToken, Task<IReadOnlyList<SentenceEmbedding>>> encode, RequestClass requestClass,
        CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, SentenceEmbedding>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var text in texts.Distinct(StringComparer.Ordinal))
        {
            if (_known.TryGetValue(text, out var embedding))
                found[text] = embedding;
            else
                missing.Add(text);
        }

        if (missing.Count > 0)
        {
            var encoded = await encode(missing, requestClass, cancellationToken);
            // Plans change seldom; when there is no more room, the ones in use come again.
            if (_known.Count + missing.Count > Capacity)
                _known.Clear();
            foreach (var (text, embedding) in missing.Zip(encoded))
                found[text] = _known[text] = embedding;
        }

        return [.. texts.Select(text => found[text])];
    }
}
