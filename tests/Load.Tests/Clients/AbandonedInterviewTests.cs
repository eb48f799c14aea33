using MediaScore.Load.Clients;
using MediaScore.Load.Measuring;
using MediaScore.Load.Server;
using MediaScore.Peers.Sources;
using MediaScore.WebRtc;

namespace MediaScore.Load.Tests.Clients;

/// <summary>Against the real server: what a run gives up must not go on sending, nor count as live in the figures of the next part.</summary>
public sealed class AbandonedInterviewTests : IDisposable
{
    // A sender that goes on would be waited for without end: far more than all of it takes on a busy machine.
    private const int HangMs = 120_000;

    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("load-abandoned-");

    [Fact(Timeout = HangMs)]
    public async Task An_interview_that_is_given_up_neither_sends_nor_counts_any_more()
    {
        var (cancellation, time) = (TestContext.Current.CancellationToken, TimeProvider.System);
        var settings = new Dictionary<string, string> { ["Admission:JudgeLoad"] = "false", ["Admission:MinFreeDiskMiB"] = "1" };
        await using var server = await ServerProcess.StartAsync(new ServerProcessOptions { OutputFolder = _output.FullName, Settings = settings }, time, cancellation);
        var meter = new LoadMeter(time);
        await using var world = new ClientWorld(server.Http, server.Grpc, Picture, meter, 10, time);

        foreach (var begin in (Func<InterviewLedger, IInterview>[])[ledger => new GrpcInterview(world, 0, ledger, TimeSpan.FromMinutes(1)), ledger => new WebRtcInterview(world, 1, ledger, TimeSpan.FromMinutes(1), invited: true)])
        {
            var interview = begin(new InterviewLedger(0, Scene.Track, TimeSpan.Zero, meter, time));
            var outcome = await interview.StartAsync(time.GetTimestamp(), cancellation);
            outcome.Result.ShouldBe(StartResult.Started, outcome.Reason);
            meter.Live.ShouldBe(1);

            await interview.DisposeAsync();

            meter.Live.ShouldBe(0);
            await NobodySendsAsync(world);
        }
    }

    [Fact(Timeout = HangMs)]
    public async Task A_sender_that_does_not_get_as_far_as_to_be_connected_is_ended()
    {
        var time = TimeProvider.System;
        var settings = new Dictionary<string, string> { ["Admission:JudgeLoad"] = "false", ["Admission:MinFreeDiskMiB"] = "1" };
        await using var server = await ServerProcess.StartAsync(new ServerProcessOptions { OutputFolder = _output.FullName, Settings = settings }, time, TestContext.Current.CancellationToken);
        await using var world = new ClientWorld(server.Http, server.Grpc, Picture, new LoadMeter(time), 10, time);
        using var run = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var interview = new WebRtcInterview(world, 0, new InterviewLedger(0, Scene.Track, TimeSpan.Zero, world.Meter, time), TimeSpan.FromMinutes(1), invited: true);

        // Cancelled as soon as there is a sender, which is before its handshake is over.
        var starting = interview.StartAsync(time.GetTimestamp(), run.Token);
        while (world.Senders.PeerCount == 0 && !starting.IsCompleted)
            await Task.Yield();
        await run.CancelAsync();
        await Task.WhenAny(starting);
        await interview.DisposeAsync();

        await NobodySendsAsync(world);
        world.Meter.Live.ShouldBe(0);
    }

    /// <summary>A sender's thread takes it off its list a moment after its end was told.</summary>
    private static async Task NobodySendsAsync(ClientWorld world)
    {
        while (world.Senders.PeerCount > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void Dispose() => _output.Delete(recursive: true);

    private static MediaClip Picture { get; } = MediaClip.Of(
        RtpCodec.Vp8, [.. Enumerable.Range(0, 15).Select(picture => new ClipUnit(picture * TimeSpan.FromMilliseconds(66), KeyFrame: true, new byte[200]))], TimeSpan.FromSeconds(1));
}
