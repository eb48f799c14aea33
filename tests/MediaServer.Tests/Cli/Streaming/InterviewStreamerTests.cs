using MediaScore.MediaServer.Cli.Streaming;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;

namespace MediaScore.MediaServer.Tests.Cli.Streaming;

public sealed class InterviewStreamerTests
{
    [Fact]
    public async Task A_stream_that_another_process_answers_later_loses_nothing()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var data = Directory.CreateTempSubdirectory("mediascore-streamer-");
        var media = Path.Combine(data.FullName, "tone.wav");
        // 6,000 packets: six times what may be sent without an acknowledgement, so the first server cannot get them all.
        await Ffmpeg.RunAsync([.. "-f lavfi -i sine=duration=120:sample_rate=16000 -y".Split(' '), media], []);
        var first = await TestServer.StartAsync(data.FullName);
        var grpcPort = new Uri(first.Host.Addresses.Grpc).Port;
        var interview = await first.CreateAsync();
        var probe = await MediaProbe.ExamineAsync(media, TestContext.Current.CancellationToken);
        var feed = new MediaFeed(probe, StageScript.Whole("late-dish", "late-dish-response"), PictureCodec.Vp8, sendPictures: false, _ => { });
        var watcher = new Watcher();
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(first.Host.Addresses.Grpc);
        using var streamer = new InterviewStreamer(new InterviewService.InterviewServiceClient(channel), interview.InterviewId, interview.AccessToken, watcher, TimeProvider.System);

        var sending = streamer.SendAsync(feed, realtime: false, TestContext.Current.CancellationToken);
        await watcher.SomeIsDurable.WaitAsync(TestContext.Current.CancellationToken);
        await first.DisposeAsync();
        await using var second = await TestServer.StartAsync(data.FullName, ("Server:GrpcPort", grpcPort.ToString()));
        await sending;
        var report = await second.Client.GetReportAsync(new GetReportRequest { InterviewId = interview.InterviewId, AccessToken = interview.AccessToken });

        watcher.ResumedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(watcher.DurableBefore);
        var duration = System.Text.Json.JsonDocument.Parse(report.Content.Memory).RootElement.GetProperty("interview").GetProperty("durationMs").GetInt64();
        duration.ShouldBeInRange(120_000, 120_060);
        System.Text.Json.JsonDocument.Parse(report.Content.Memory).RootElement.GetProperty("gaps").GetArrayLength().ShouldBe(0);
        data.Delete(recursive: true);
    }

    private sealed class Watcher : StreamObserver
    {
        private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task SomeIsDurable => _durable.Task;

        public TimeSpan DurableBefore { get; private set; }

        public TimeSpan? ResumedAt { get; private set; }

        public override void Heard(ServerMessage message)
        {
            if (message.Acknowledgement is not { DurableUs: > 1_000_000 } acknowledgement || ResumedAt is not null)
                return;
            DurableBefore = TimeSpan.FromMicroseconds(acknowledgement.DurableUs);
            _durable.TrySetResult();
        }

        public override void Resumed(TimeSpan durable) => ResumedAt ??= durable;
    }
}
