using MediaScore.Timeline;

namespace MediaScore.Pipelines;

/// <summary>
/// What a recovered timeline already holds. Pipelines run over the recording again after a crash; what is known is neither emitted a second time nor
/// asked of a model again. Two observations are the same when kind and media range are (of warnings, refusals and similarities also what they speak of). Immutable.
/// </summary>
public sealed class KnownObservations
{
    private readonly HashSet<(Type Kind, MediaRange Range, object? Subject)> _keys = [];
    private readonly Dictionary<MediaRange, UtteranceTranscript> _transcripts = [];
    private readonly Dictionary<MediaRange, UtteranceProsody> _prosody = [];

    /// <param name="observations">Of one interview, in any order; only those of pipelines matter.</param>
    public KnownObservations(IEnumerable<Observation> observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        foreach (var observation in observations)
        {
            _keys.Add(KeyOf(observation));
            if (observation is UtteranceTranscript transcript)
                _transcripts.TryAdd(transcript.Range, transcript);
            else if (observation is UtteranceProsody prosody)
                _prosody.TryAdd(prosody.Range, prosody);
        }
    }

    /// <summary>Of a new interview.</summary>
    public static KnownObservations None { get; } = new([]);

    public bool Contains(Observation observation) => _keys.Contains(KeyOf(observation));

    internal bool Contains<T>(MediaRange range)
        where T : Observation => _keys.Contains((typeof(T), range, null));

    internal UtteranceTranscript? FindTranscript(MediaRange range) => _transcripts.GetValueOrDefault(range);

    internal UtteranceProsody? FindProsody(MediaRange range) => _prosody.GetValueOrDefault(range);

    private static (Type Kind, MediaRange Range, object? Subject) KeyOf(Observation observation) => (observation.GetType(), observation.Range, observation switch
    {
        QualityWarning warning => warning.Warning,
        NotAnalysed refusal => refusal.Modality,
        AnchorSimilarity similarity => (similarity.QuestionId, similarity.Attempt, similarity.CompetencyId, similarity.Level, similarity.SentenceIndex),
        _ => null,
    });
}
