namespace MediaScore.Timeline;

/// <summary>Which transcript of an utterance counts, where there are several: the one place that says so, for whoever compares, scores or shows them.</summary>
public static class StandingTranscripts
{
    /// <summary>
    /// One an utterance, in the order of the media: a text rather than none, then the refined one, then the one its model was surer of. Equal ones stay in the order given.
    /// </summary>
    public static IReadOnlyList<UtteranceTranscript> Of(IEnumerable<UtteranceTranscript> transcripts) =>
    [
        .. transcripts.GroupBy(t => t.Range)
            .Select(same => same.OrderByDescending(t => t.Text.Length > 0 && t.Rejected is null).ThenByDescending(t => t.Refined).ThenByDescending(t => t.MeanLogProbability).First())
            .OrderBy(t => t.Range.Start),
    ];
}
