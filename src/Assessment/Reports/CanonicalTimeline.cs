using System.Text;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Reports;

/// <summary>
/// A timeline as reports see it: without what is live or wall-clock business, each observation once, in one order. A timeline that was written again after a
/// crash, or read in another order, gives the same one.
/// </summary>
internal sealed class CanonicalTimeline
{
    private readonly Observation[] _observations;

    private CanonicalTimeline(Observation[] observations) => _observations = observations;

    public static CanonicalTimeline Of(IReadOnlyList<Observation> timeline)
    {
        // The serialised form is the content: equal bytes are the same observation, and they break every tie of the order.
        var unique = new Dictionary<string, Observation>(timeline.Count, StringComparer.Ordinal);
        foreach (var observation in timeline)
        {
            if (observation is not ConnectionChanged)
                unique.TryAdd(Encoding.UTF8.GetString(ObservationSerializer.Write(observation)), observation);
        }

        return new CanonicalTimeline(
        [
            .. unique.OrderBy(o => o.Value.Range.Start).ThenBy(o => o.Value.Range.End).ThenBy(o => o.Key, StringComparer.Ordinal).Select(o => o.Value),
        ]);
    }

    public IEnumerable<T> All<T>() where T : Observation => _observations.OfType<T>();

    public InterviewStarted? Started => All<InterviewStarted>().FirstOrDefault();

    /// <summary>The last: an interview that was resumed after it seemed over.</summary>
    public InterviewEnded? Ended => All<InterviewEnded>().LastOrDefault();

    public MediaTime End => Ended?.Range.Start ?? _observations.Select(o => o.Range.End).DefaultIfEmpty().Max();

    /// <summary>One transcript an utterance.</summary>
    public IReadOnlyList<UtteranceTranscript> Transcripts => StandingTranscripts.Of(All<UtteranceTranscript>());

    /// <summary>Pictures that were left out and not made up for by the final pass.</summary>
    public int SkippedPictureCount
    {
        get
        {
            var seen = All<PictureSample>().Select(p => p.Range.Start).Concat(All<FaceSample>().Select(f => f.Range.Start)).ToHashSet();
            return All<FrameSkipped>().Select(s => s.Range.Start).Distinct().Count(at => !seen.Contains(at));
        }
    }
}
