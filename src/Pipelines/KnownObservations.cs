using MediaScore.Timeline;

namespace MediaScore.Pipelines;

/// <summary>
/// What a recovered timeline already holds. Pipelines run over the recording again after a crash; what is known is neither emitted a second time nor
/// asked of a model again. Two observations are the same when kind and media range are (of warnings, refusals, gaps, faults and similarities also what they speak of). Immutable.
/// </summary>
public sealed class KnownObservations
{
    private static readonly object Refined = true;

    private readonly Dictionary<(Type Kind, MediaRange Range, object? Subject), Observation> _known = [];

    /// <param name="observations">Of one interview, in any order; only those of pipelines matter.</param>
    public KnownObservations(IEnumerable<Observation> observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        foreach (var observation in observations)
            _known.TryAdd(KeyOf(observation), observation);
    }

    /// <summary>Of a new interview.</summary>
    public static KnownObservations None { get; } = new([]);

    public bool Contains(Observation observation) => _known.ContainsKey(KeyOf(observation));

    /// <summary>What is known of this stretch of media; for kinds of which there is one a range.</summary>
    internal T? Find<T>(MediaRange range)
        where T : Observation => _known.GetValueOrDefault((typeof(T), range, null)) as T;

    /// <summary>The transcript of this stretch that was made live, or the refined one.</summary>
    internal UtteranceTranscript? FindTranscript(MediaRange range, bool refined) =>
        _known.GetValueOrDefault((typeof(UtteranceTranscript), range, refined ? Refined : null)) as UtteranceTranscript;

    private static (Type Kind, MediaRange Range, object? Subject) KeyOf(Observation observation) => (observation.GetType(), observation.Range, observation switch
    {
        QualityWarning warning => warning.Warning,
        NotAnalysed refusal => refusal.Modality,
        MediaGap gap => gap.Track,
        AnalysisFault fault => fault.Component,
        AnchorSimilarity similarity => (similarity.QuestionId, similarity.Attempt, similarity.CompetencyId, similarity.Level, similarity.SentenceIndex, similarity.SentenceHash),
        UtteranceTranscript { Refined: true } => Refined,
        _ => null,
    });
}
