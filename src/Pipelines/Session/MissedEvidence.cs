using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.Video;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>What a failing or a busy model left unanswered. The media is in the recording, so it can be asked again.</summary>
internal static class MissedEvidence
{
    /// <summary>Whether an analyser failed on something and nothing later in the timeline says what it should have said.</summary>
    public static bool IsIn(IReadOnlyList<Observation> observations)
    {
        var transcribed = observations.OfType<UtteranceTranscript>().Select(transcript => transcript.Range).ToHashSet();
        var examined = observations.OfType<FaceSample>().Select(sample => sample.Range).ToHashSet();
        return observations.Any(observation => observation switch
        {
            AnalysisFault { Component: UtteranceAnalyzer.RecognizerComponent } fault => !transcribed.Contains(fault.Range),
            // An analyser that ended said nothing more of its track.
            AnalysisFault => true,
            FrameSkipped skipped => FrameAnalysis.IsWorthAsking(skipped) && !examined.Contains(skipped.Range),
            _ => false,
        });
    }
}
