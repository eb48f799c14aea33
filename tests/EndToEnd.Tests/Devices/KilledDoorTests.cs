using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.EndToEnd.Tests.Devices.Feeds;
using MediaScore.Storage;
using MediaScore.Storage.Devices;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.EndToEnd.Tests.Devices;

/// <summary>
/// <c>kill -9</c> while devices of every protocol report what happens. How often and with which seed: <c>MEDIASCORE_KILLS</c> (default 3) and <c>MEDIASCORE_KILL_SEED</c>.
/// </summary>
public sealed class KilledDoorTests(ITestOutputHelper output)
{
    private const string Password = "simulated-terminal-1";

    // Seconds of events that a device which knows its number before has for each kill: a random moment, and a server's start.
    private const int SecondsPerKill = 4;

    private static readonly int KillCount = int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_KILLS"), out var kills) ? kills : 3;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_KILL_SEED"), out var seed) ? seed : 20261126;

    // Of devices that wait after a fault, and of logs that are read once more. A wait that ends here has failed.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3) + (KillCount * TimeSpan.FromSeconds(15));

    [Fact]
    public async Task Killing_the_server_loses_no_event_of_any_device_and_stores_none_twice()
    {
        using var scratch = new ScratchFolder();
        var data = scratch["data"];
        var (grpcPort, httpPort, mqttPort) = (FreePort(), FreePort(), FreePort());
        string[] settings =
        [
            "Devices:ApproveNewcomers=true", "Devices:MqttBroker:Enabled=true", $"Devices:MqttBroker:Port={mqttPort}", "Devices:Isapi:ReconnectMs=100", "Devices:Isapi:PagePauseMs=0",
            "Devices:Isapi:BackFillEveryS=2",
        ];
        var server = await ServerProcess.StartAsync(data, grpcPort, httpPort, settings);
        var feeds = new List<DeviceFeed>();
        try
        {
            await AddFeedsAsync(feeds, server, data, mqttPort);
            using var cancelled = new CancellationTokenSource(Limit, TimeProvider.System);
            var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var running = feeds.ConvertAll(feed => feed.RunAsync(over.Task, cancelled.Token));

            var random = new Random(Seed);
            for (var kill = 0; kill < KillCount; kill++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300 + random.Next(1_500)), TimeProvider.System);
                await server.KillAsync();
                server.Dispose();
                server = await ServerProcess.StartAsync(data, grpcPort, httpPort, settings);
            }

            // Something happens after the last kill too.
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            over.SetResult();
            await Task.WhenAll(running);

            var stored = await StoredAsync(data, feeds, cancelled.Token);
            foreach (var feed in feeds)
            {
                var rows = stored[feed.Serial];
                var different = rows.Select(feed.KeyOf).Distinct(StringComparer.Ordinal).Count();
                output.WriteLine($"{feed.Serial}: {feed.HappenedCount} happened, {rows.Count} stored, lost {feed.HappenedCount - different}, doubles {rows.Count - different}");
            }

            output.WriteLine($"{KillCount} kills (seed {Seed})");
            foreach (var feed in feeds)
            {
                var rows = stored[feed.Serial];
                feed.HappenedCount.ShouldBeGreaterThan(KillCount, feed.Serial);
                rows.Select(feed.KeyOf).ShouldBeUnique();
                rows.Count.ShouldBe((int)feed.HappenedCount, feed.Serial);
                feed.LostAcknowledgedCount.ShouldBe(0, feed.Serial);
            }

            await server.KillAsync();
            await using var context = await ContextsOf(data).CreateDbContextAsync();
            (await context.Outbox.CountAsync(row => row.Topic == DeviceEventStore.Topic)).ShouldBe(await context.DeviceEvents.CountAsync(), "other systems hear of each event, once");
        }
        finally
        {
            server.Dispose();
            foreach (var feed in feeds)
                await feed.DisposeAsync();
        }
    }

    private static async Task AddFeedsAsync(List<DeviceFeed> feeds, ServerProcess server, string data, int mqttPort)
    {
        var (http, seconds) = (new Uri(server.Http), SecondsPerKill * (KillCount + 1));
        using var console = new HttpClient { BaseAddress = new Uri($"{server.Http}/console/api/") };
        console.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(data, "console-token"))).Trim());
        var pushPath = (await AddAsync(console, new { serial = "KILL-ISAPI-PUSH" })).GetProperty("pushPath").GetString()!;
        var called = new IsapiFeed("KILL-ISAPI", null);
        feeds.Add(called);
        called.Start();
        await AddAsync(console, new { address = called.Address, user = "admin", password = Password, serial = called.Serial });
        feeds.AddRange(
        [
            new IsapiFeed("KILL-ISAPI-PUSH", new Uri(http, pushPath)),
            new GrpcFeed(new Uri(server.Grpc), "KILL-GRPC"),
            new ZkFeed(http, "KILL-ZK-ATT", ZkDialect.Attendance),
            new ZkFeed(http, "KILL-ZK-ACC", ZkDialect.Access),
            new HttpFeed(http, "KILL-HTTP", seconds * HttpFeed.PerSecond),
            new MqttFeed(new Uri($"mqtt://127.0.0.1:{mqttPort}"), "KILL-MQTT", seconds * MqttFeed.PerSecond),
        ]);
    }

    private static async Task<JsonElement> AddAsync(HttpClient console, object device)
    {
        using var answer = await console.PostAsJsonAsync("devices", device);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>What is stored of each device's events, once as much is there as happened: a device that is called is not told when its log was read.</summary>
    private static async Task<Dictionary<string, List<DeviceEventRow>>> StoredAsync(string data, List<DeviceFeed> feeds, CancellationToken cancellation)
    {
        var contexts = ContextsOf(data);
        while (true)
        {
            var stored = new Dictionary<string, List<DeviceEventRow>>(StringComparer.Ordinal);
            await using (var context = await contexts.CreateDbContextAsync(CancellationToken.None))
            {
                foreach (var feed in feeds)
                {
                    var rows = await context.DeviceEvents.AsNoTracking()
                        .Where(row => context.Devices.Any(device => device.Id == row.DeviceId && device.Serial == feed.Serial)).ToListAsync(CancellationToken.None);
                    stored[feed.Serial] = rows.FindAll(feed.IsOurs);
                }
            }

            if (cancellation.IsCancellationRequested || feeds.TrueForAll(feed => stored[feed.Serial].Count >= feed.HappenedCount))
                return stored;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IDbContextFactory<MediaScoreDbContext> ContextsOf(string data) => InterviewDatabase.CreateFactory(Path.Combine(data, "mediascore.db"));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
