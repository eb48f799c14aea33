using MediaScore.Inference;
using MediaScore.Perception.Language;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Text;

/// <summary>
/// Compares the sentences of answers with the plan's behavioural anchors: one <see cref="AnchorSimilarity"/> for each sentence and anchor, sentences first,
/// anchors by competency (ordinal) and level. Scoring reads these observations and needs no model. Thread-safe.
/// </summary>
public sealed class AnswerTextAnalyzer
{
    // Texts in one request: keeps an interview's final pass from filling the pool's queue.
    private const int TextsAtOnce = 64;

    private readonly SentenceEncoder? _encoder;
    private readonly AnchorEmbeddings _anchorEmbeddings;
    private readonly string _language;
    private readonly string _whyNoEncoder;

    /// <param name="encoder">Null where there is none at all.</param>
    /// <param name="language">Of the interview, BCP 47.</param>
    /// <param name="whyNoEncoder">As people read it; by default <c>no model for</c> and the language.</param>
    /// <param name="anchorEmbeddings">Remembers those of anchors; null: each answer asks for all of them.</param>
    public AnswerTextAnalyzer(SentenceEncoder? encoder, string language, string? whyNoEncoder = null, AnchorEmbeddings? anchorEmbeddings = null)
    {
        _anchorEmbeddings = anchorEmbeddings ?? new AnchorEmbeddings();
        _encoder = encoder is not null && IsEnglish(language) ? encoder : null;
        _language = language;
        _whyNoEncoder = whyNoEncoder ?? $"no model for {language}";
    }

    /// <summary>Writes what is not known yet into the sink; one <see cref="NotAnalysed"/> for an answer in a language without an encoder.</summary>
    /// <param name="requestClass">Mostly <see cref="RequestClass.Deferred"/>: this is part of the final pass.</param>
    public async Task AnalyzeAsync(
        Answer answer, IObservationSink sink, KnownObservations known, RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (answer.Sentences.Count == 0 || answer.Anchors.Count == 0)
            return;
        if (_encoder is null)
        {
            var refusal = new NotAnalysed(answer.Range, Modality.Text, _whyNoEncoder);
            if (!known.Contains(refusal))
                await sink.AppendAsync(refusal, cancellationToken);
            return;
        }

        var anchors = answer.Anchors
            .OrderBy(anchor => anchor.CompetencyId, StringComparer.Ordinal).ThenBy(anchor => anchor.Level).ThenBy(anchor => anchor.Text, StringComparer.Ordinal)
            .ToList();
        var anchorEmbeddings = await _anchorEmbeddings.GetAsync(
            [.. anchors.Select(anchor => anchor.Text)], (texts, @class, token) => EncodeAsync(_encoder, texts, @class, token), requestClass, cancellationToken);
        var sentenceEmbeddings = await EncodeAsync(_encoder, [.. answer.Sentences.Select(sentence => sentence.Text)], requestClass, cancellationToken);
        var stamp = new ModelStamp(_encoder.ModelId, _encoder.ModelVersion);
        for (var i = 0; i < answer.Sentences.Count; i++)
        {
            var sentence = answer.Sentences[i];
            var hash = sentence.ComputeHash();
            for (var first = 0; first < anchors.Count;)
            {
                var (competency, level, _) = anchors[first];
                var nearest = -1.0;
                for (; first < anchors.Count && anchors[first].CompetencyId == competency && anchors[first].Level == level; first++)
                    nearest = Math.Max(nearest, sentenceEmbeddings[i].Similarity(anchorEmbeddings[first]));

                // Six digits are beyond what 32-bit embeddings hold, and short enough to be the same text on every machine of a family.
                var cosine = Math.Round(Math.Clamp(nearest, -1, 1), 6);
                var observation = new AnchorSimilarity(sentence.Range, answer.QuestionId, answer.Attempt, competency, level, sentence.Index, cosine) { Model = stamp, SentenceHash = hash };
                if (!known.Contains(observation))
                    await sink.AppendAsync(observation, cancellationToken);
            }
        }
    }

    private static bool IsEnglish(string language) => language.Equals("en", StringComparison.OrdinalIgnoreCase) || language.StartsWith("en-", StringComparison.OrdinalIgnoreCase);

    private static async Task<IReadOnlyList<SentenceEmbedding>> EncodeAsync(
        SentenceEncoder encoder, IReadOnlyList<string> texts, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var embeddings = new List<SentenceEmbedding>(texts.Count);
        for (var i = 0; i < texts.Count; i += TextsAtOnce)
            embeddings.AddRange(await encoder.EncodeManyAsync([.. texts.Skip(i).Take(TextsAtOnce)], requestClass, cancellationToken));
        return embeddings;
    }
}
