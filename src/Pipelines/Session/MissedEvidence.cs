using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.Video;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>Tracks that have to be analysed once more.</summary>
[Flags]
internal enum MissedTracks
{
    None = 0,
    Audio = 1,
    Video = 2,
}

/// <summary>What a failing or a busy model left unanswered. The media is in the recording, so it can be asked again.</summary>
internal static class MissedEvidence
{
    /// <summary>Where an analyser failed on something, or let it pass, and nothing later in the timeline says what it should have said.</summary>
    public static MissedTracks In(IReadOnlyList<Observation> observations)
    {
        var transcribed = observations.OfType<UtteranceTranscript>().Select(transcript => transcript.Range).ToHashSet();
        var examined = observations.OfType<FaceSample>().Select(sample => sample.Range).ToHashSet();
        return observations.Aggregate(MissedTracks.None, (missed, observation) => missed | observation switch
        {
            AnalysisFault { Component: UtteranceAnalyzer.RecognizerComponent } fault => transcribed.Contains(fault.Range) ? MissedTracks.None : MissedTracks.Audio,
            // What was heard live stands.
            AnalysisFault { Component: UtteranceAnalyzer.RefinerComponent } => MissedTracks.None,
            // An analyser that ended said nothing more of its track.
            AnalysisFault { Component: "video" } => MissedTracks.Video,
            AnalysisFault => MissedTracks.Audio,
            FrameSkipped skipped when FrameAnalysis.IsWorthAsking(skipped) && !examined.Contains(skipped.Range) => MissedTracks.Video,
            _ => MissedTracks.None,
        });
    }
}
