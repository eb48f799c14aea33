using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;
using MediaScore.Assessment.Reports;
using MediaScore.MediaServer.Cli.Streaming;
using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;

namespace MediaScore.EndToEnd.Tests;

/// <summary>
/// <c>kill -9</c> in the middle of an interview. How often and with which seed: <c>MEDIASCORE_KILLS</c> (default 3) and <c>MEDIASCORE_KILL_SEED</c>; another
/// interview than the one made here: <c>MEDIASCORE_KILL_INTERVIEW</c>.
/// </summary>
public sealed class KilledServerTests(ITestOutputHelper output)
{
    private static readonly int KillCount = int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_KILLS"), out var kills) ? kills : 3;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_KILL_SEED"), out var seed) ? seed : 20261124;

    [Fact]
    public async Task Killing_the_server_loses_nothing_that_was_acknowledged_and_changes_nothing_in_the_report()
    {
        using var scratch = new ScratchFolder();
        var file = Environment.GetEnvironmentVariable("MEDIASCORE_KILL_INTERVIEW") is { Length: > 0 } named ? named : await SpokenInterview.MakeAsync(scratch["media"]);

        var undisturbed = await RunAsync(file, scratch["undisturbed"], killCount: 0);
        var killed = await RunAsync(file, scratch["killed"], KillCount);

        output.WriteLine($"{killed.Kills} kills (seed {Seed}), {killed.Connections} connections, acknowledged media lost: {killed.LostAcknowledged}");
        killed.Kills.ShouldBe(KillCount);
        killed.LostAcknowledged.ShouldBe(0, "a resumed stream must not ask for what was acknowledged");
        ReportComparer.Compare(undisturbed.Report, killed.Report).ShouldBeEmpty();
    }

    private static async Task<Outcome> RunAsync(string file, string dataFolder, int killCount)
    {
        var port = FreePort();
        var server = await ServerProcess.StartAsync(dataFolder, port);
        try
        {
            using var channel = GrpcChannel.ForAddress(server.Grpc);
            var client = new InterviewService.InterviewServiceClient(channel);
            var created = await client.CreateInterviewAsync(await RequestAsync());
            var observer = new AcknowledgementWatch();
            var probe = await MediaProbe.ExamineAsync(file, CancellationToken.None);
            var script = StageScript.Parse(await File.ReadAllTextAsync(StageScript.PathFor(file)), file);
            var feed = new MediaFeed(probe, script, PictureCodec.Vp8, sendPictures: true, _ => { });
            using var streamer = new InterviewStreamer(client, created.InterviewId, created.AccessToken, observer, TimeProvider.System);

            var streaming = streamer.SendAsync(feed, realtime: killCount > 0, CancellationToken.None);
            var random = new Random(Seed);
            var kills = 0;
            for (; kills < killCount && !streaming.IsCompleted; kills++)
            {
                // A random moment of the stream, counted in what was acknowledged since the last kill and then some: between 0 and 3 s of media.
                await observer.NextAcknowledgementAsync(streaming);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 1_500)), TimeProvider.System);
                await server.KillAsync();
                server.Dispose();
                server = await ServerProcess.StartAsync(dataFolder, port);
            }

            await streaming.WaitAsync(TimeSpan.FromMinutes(8));
            var report = await client.GetReportAsync(new GetReportRequest { InterviewId = created.InterviewId, AccessToken = created.AccessToken, Format = ReportFormat.Json });
            return new Outcome(report.Content.ToByteArray(), kills, observer.Connections, observer.LostAcknowledged);
        }
        finally
        {
            server.Dispose();
        }
    }

    private static async Task<CreateInterviewRequest> RequestAsync()
    {
        var request = new CreateInterviewRequest { Tenant = "test", PlanYaml = await File.ReadAllTextAsync(Path.Combine(SharedTestData.RepositoryRoot, "plans", "store-manager.yaml")) };
        request.Consent.AddRange([Modality.Audio, Modality.Video, Modality.Transcript, Modality.Prosody, Modality.FacePresence, Modality.Gaze, Modality.Text]);
        return request;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Outcome(byte[] Report, int Kills, int Connections, int LostAcknowledged);

    /// <summary>Compares what a resumed stream starts from with what was acknowledged before.</summary>
    private sealed class AcknowledgementWatch : StreamObserver
    {
        private readonly Dictionary<Track, ulong> _acknowledged = [];
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Connections { get; private set; } = 1;

        /// <summary>Packets that had been acknowledged and that the server asked for again.</summary>
        public int LostAcknowledged { get; private set; }

        public Task NextAcknowledgementAsync(Task streaming) => Task.WhenAny(Volatile.Read(ref _next).Task, streaming);

        public override void Heard(ServerMessage message)
        {
            if (message.Acknowledgement is not { } acknowledgement)
                return;
            lock (_acknowledged)
            {
                foreach (var position in acknowledgement.Durable)
                    _acknowledged[position.Track] = position.NextSequence;
            }

            Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }

        public override void Connected(Ready ready)
        {
            lock (_acknowledged)
            {
                foreach (var (track, next) in _acknowledged)
                {
                    var resumed = ready.ResumeAt.FirstOrDefault(p => p.Track == track)?.NextSequence ?? 0;
                    if (resumed < next)
                        LostAcknowledged += (int)(next - resumed);
                }

                Connections += ready.Resumed ? 1 : 0;
            }
        }
    }
}
