using System.Diagnostics;
using MediaScore.Pipelines.Session;
using MediaScore.Storage;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Observability;

/// <summary>
/// One trace an interview: a root span from its creation (or recovery) to its report, and under it a span for each connection, answer and utterance and for the
/// report. Spans carry ids, times and model names, never what was said.
/// </summary>
internal static class InterviewTraces
{
    public const string SourceName = "MediaScore.Interview";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? StartInterview(InterviewRow row)
    {
        // A root of its own: the call that created it ends long before the interview does.
        var current = Activity.Current;
        Activity.Current = null;
        var activity = Source.StartActivity("interview", ActivityKind.Internal);
        Activity.Current = current;
        activity?.SetTag("mediascore.interview.id", row.Id);
        activity?.SetTag("mediascore.plan.id", row.PlanId);
        activity?.SetTag("mediascore.policy", row.PolicyProfile);
        activity?.SetTag("mediascore.language", row.Language);
        return activity;
    }

    public static Activity? StartConnection(Activity? interview, bool resumed) =>
        interview is null ? null : Source.StartActivity("connection", ActivityKind.Server, interview.Context, [new("mediascore.resumed", resumed)]);

    public static Activity? StartReport(Activity? interview) => interview is null ? null : Source.StartActivity("report", ActivityKind.Internal, interview.Context);

    /// <summary>Adds the spans of what was heard, at the times of the media, once the interview is over.</summary>
    public static void Describe(Activity? interview, InterviewSession session)
    {
        if (interview is not null)
            Describe(interview, session.Durable, session.Observations);
    }

    /// <summary>One span an answer; one an utterance, of the transcript that stands.</summary>
    internal static void Describe(Activity interview, MediaTime durable, IReadOnlyList<Observation> observations)
    {
        interview.SetTag("mediascore.media.seconds", durable.TotalSeconds);
        var zero = interview.StartTimeUtc;
        foreach (var observation in observations.OfType<StageEnded>().Concat<Observation>(StandingTranscripts.Of(observations.OfType<UtteranceTranscript>())))
        {
            var (name, start) = observation switch
            {
                StageEnded ended => ("stage", observations.OfType<StageStarted>().LastOrDefault(s => s.QuestionId == ended.QuestionId && s.Attempt == ended.Attempt)?.Range.Start ?? ended.Range.Start),
                UtteranceTranscript utterance => ("utterance", utterance.Range.Start),
                _ => (null, default),
            };
            if (name is null)
                continue;
            using var span = Source.StartActivity(name, ActivityKind.Internal, interview.Context, startTime: new DateTimeOffset(zero + start.ToTimeSpan()));
            if (span is null)
                continue;
            if (observation is StageEnded stage)
            {
                span.SetTag("mediascore.question.id", stage.QuestionId);
                span.SetTag("mediascore.attempt", stage.Attempt);
            }

            if (observation.Model is { } model)
                span.SetTag("mediascore.model", $"{model.Id} {model.Version}");
            span.SetEndTime(zero + observation.Range.End.ToTimeSpan());
        }
    }
}
