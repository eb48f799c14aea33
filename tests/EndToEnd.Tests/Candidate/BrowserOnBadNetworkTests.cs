using Grpc.Net.Client;
using MediaScore.MediaServer.Hosting;
using MediaScore.Peers.Network;
using MediaScore.Peers.Running;
using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;
using MediaScore.WebRtc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;

namespace MediaScore.EndToEnd.Tests.Candidate;

/// <summary>A real browser behind a network that loses datagrams: the page's own connection module, the server's own answer but for the port.</summary>
public sealed class BrowserOnBadNetworkTests(ITestOutputHelper output)
{
    // Fifteen seconds of a browser that has the processor for itself.
    private const int EnoughLost = 150;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // The page's own module; the track it would be given by the device check.
    private const string Send = """
        async (whipUrl) => {
          const main = document.querySelector("script[type=module]").src;
          const { Connection } = await import(new URL("./connection.js", main));
          const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480, frameRate: 15 } });
          const connection = new Connection({ whipUrl, iceServers: [], video: { maxHeight: 480, maxFramerate: 15, maxBitrate: 800000 } });
          connection.open({ audio: media.getAudioTracks()[0], video: media.getVideoTracks()[0] });
          window.connectionOfTest = connection;
        }
        """;

    [Fact]
    public async Task Ten_percent_of_loss_costs_a_browser_neither_sound_nor_pictures()
    {
        Assert.SkipUnless(CandidateBrowser.IsAvailable, CandidateBrowser.SkipReason);
        using var scratch = new ScratchFolder();
        var media = await CandidateMedia.MakeAsync(scratch["media"]);
        await using var host = await StartAsync(scratch["data"]);
        var server = host.WebRtc.Loop!.UdpEndPoints[0];
        var conditions = new NetworkConditions { LossPercent = 10, Delay = TimeSpan.FromMilliseconds(20) };
        using var relay = new UdpRelay(server, new PeerNetwork(conditions, conditions), TimeProvider.System);
        using var channel = GrpcChannel.ForAddress(host.Addresses.Grpc);
        var request = new CreateInterviewRequest { Tenant = "acme", PlanId = "store-manager", Language = "en", CandidateReference = "loss" };
        request.Consent.AddRange([Modality.Audio, Modality.Video]);
        var created = await new InterviewService.InterviewServiceClient(channel).CreateInterviewAsync(request);
        await using var browser = await CandidateBrowser.StartAsync(media);
        await using var context = await browser.OpenAsync("en-GB", 800, 600);
        await context.SetExtraHTTPHeadersAsync([new("Authorization", $"Bearer {created.AccessToken}")]);
        var page = await context.NewPageAsync();
        await page.RouteAsync("**/whip", async route =>
        {
            var answer = await route.FetchAsync();
            var sdp = (await answer.TextAsync()).Replace($" {server.Port} typ host", $" {relay.EndPoint.Port} typ host", StringComparison.Ordinal);
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer, Body = sdp });
        });
        var address = $"{host.Addresses.Http}/interviews/{created.InterviewId}";
        await page.GotoAsync(address);

        await page.EvaluateAsync(Send, $"{address}/whip");
        await page.WaitForFunctionAsync("() => window.connectionOfTest.state === 'connected'");
        using (var patience = new CancellationTokenSource(Patience))
        {
            while (relay.LostCount < EnoughLost)
                await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }

        var received = host.Registry.Find(created.InterviewId)!.Candidate!.Statistics;

        output.WriteLine($"{relay.LostCount} datagrams lost; {received}");
        received.State.ShouldBe(RtcState.Connected);
        received.Audio!.RecoveredCount.ShouldBeGreaterThan(10);
        (received.Audio.LostCount / (double)received.Audio.PacketCount).ShouldBeLessThan(0.01);
        received.Video!.RecoveredCount.ShouldBeGreaterThan(10);
        (received.Video.DroppedFrameCount / (double)received.Video.FrameCount).ShouldBeLessThan(0.1);
    }

    private static async Task<MediaServerHost> StartAsync(string dataFolder) => await MediaServerHost.StartAsync(
        new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Server:DataFolder", dataFolder),
            new("Server:HttpPort", "0"),
            new("Server:GrpcPort", "0"),
            new("Server:HttpsPort", "-1"),
            new("Server:PlansFolder", Path.Combine(SharedTestData.RepositoryRoot, "plans")),
            new("Models:Prepared", SharedTestData.PreparedModels),
            new("Models:Catalog", Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")),
            new("WebRtc:UdpPort", "0"),
            new("WebRtc:TcpPort", "-1"),
            new("Admission:MinFreeDiskMiB", "0"),
            new("Admission:JudgeLoad", "false"),
        ]).Build(),
        NullLoggerFactory.Instance,
        TimeProvider.System,
        TestContext.Current.CancellationToken);
}
