using System.Collections.Concurrent;
using System.Diagnostics;
using MediaScore.MediaServer.Observability;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Interview.V1;
using MediaScore.Timeline;

namespace MediaScore.MediaServer.Tests.Observability;

public sealed class InterviewTraceTests
{
    [Fact]
    public void An_utterance_that_was_heard_twice_has_one_span_which_names_the_model_whose_words_stand()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        using var interview = new Activity("interview").SetIdFormat(ActivityIdFormat.W3C).Start();
        var range = new MediaRange(MediaTime.FromSeconds(1), MediaTime.FromSeconds(3));
        var live = new UtteranceTranscript(range, "en", "I would sell the bear.", [], -0.3) { Model = new ModelStamp("quick", "1") };
        var refined = live with { Text = "I would tell the bar.", Refined = true, Model = new ModelStamp("larger", "2") };

        InterviewTraces.Describe(interview, MediaTime.FromSeconds(4), [live, refined]);

        var span = spans.Where(s => s.TraceId == interview.TraceId).ShouldHaveSingleItem();
        span.OperationName.ShouldBe("utterance");
        span.GetTagItem("mediascore.model").ShouldBe("larger 2");
        span.Duration.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task One_trace_holds_an_interview_its_connection_its_answer_and_its_report()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        await using var server = await TestServer.StartAsync();
        var interview = await server.CreateAsync();

        using (var caller = await MediaCaller.StartAsync(server, interview, MediaCaller.Pcm))
        {
            await caller.SendMarkerAsync("late-dish", "late-dish-response", 0, begins: true);
            await caller.SendSilenceAsync(0, 0.5);
            await caller.SendMarkerAsync("late-dish", "late-dish-response", 0.5, begins: false);
            await caller.SendEndAsync(0.5);
            await caller.ReadUntilAsync(ServerMessage.MessageOneofCase.ReportReady);
        }

        await server.Host.DisposeAsync();
        var root = spans.Single(s => s.OperationName == "interview" && Equals(s.GetTagItem("mediascore.interview.id"), interview.InterviewId));
        var mine = spans.Where(s => s.TraceId == root.TraceId).ToList();
        root.ParentSpanId.ShouldBe(default);
        mine.Select(s => s.OperationName).Order().ShouldBe(["connection", "interview", "report", "stage"]);
        mine.Where(s => s != root).ShouldAllBe(s => s.ParentSpanId == root.SpanId);
        mine.SelectMany(s => s.TagObjects).ShouldAllBe(t => !t.Key.Contains("text") && !t.Key.Contains("token"));
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == InterviewTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
