using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Tests.Ingress.Devices;

/// <summary>Devices of every protocol at the real host: what the command line simulates is heard, stored, and nothing else of the server is open to them.</summary>
public sealed class ProtocolTests(OpenDeviceServer shared) : IClassFixture<OpenDeviceServer>
{
    private const int Enough = 5;

    // A wait that ends here has failed; nothing is decided by it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly SimulatedFace Somebody = new("1001", default);

    [Theory]
    [InlineData("zk-att", DeviceProtocol.ZkAttendance)]
    [InlineData("zk-acc", DeviceProtocol.ZkAccess)]
    [InlineData("mqtt", DeviceProtocol.Mqtt)]
    [InlineData("http", DeviceProtocol.Http)]
    public async Task What_the_command_line_simulates_is_heard_and_stored(string name, DeviceProtocol protocol)
    {
        var server = name == "mqtt" ? new Uri($"mqtt://127.0.0.1:{shared.Server.Host.Protocols.Mqtt.BrokerPort}") : new Uri(shared.Server.Host.Addresses.Http);
        var order = new SimulationOrder(server, 2, 10, []) { SerialPrefix = name };
        var run = new SimulationRun(SimulatorTable.Find(name)!, order, TimeProvider.System);

        await HeardAsync(order.SerialOf(2), stop => run.RunAsync(length: null, stop));

        run.Totals().Fault.ShouldBeNull();
        run.Totals().Answered.ShouldBeGreaterThan(0);
        var devices = shared.Server.Host.Devices.Registry.List().Where(device => device.Row.Protocol == protocol && device.Row.Serial.StartsWith(name, StringComparison.Ordinal)).ToList();
        devices.Select(device => device.Row.Serial).ShouldBe([order.SerialOf(1), order.SerialOf(2)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_hikvision_device_is_given_a_secret_path_and_what_it_posts_there_is_stored()
    {
        var added = await shared.Console.PostAsync("devices", new { serial = "HIK-PUSH", name = "Gate" });
        var path = added.GetProperty("pushPath").GetString()!;
        await using var device = new IsapiDevice(
            new IsapiDevicePlan("HIK-PUSH") { PushTo = new Uri(shared.Server.Host.Addresses.Devices + path), EventsPerSecond = 20, People = [Somebody] }, TimeProvider.System);

        await HeardAsync("HIK-PUSH", device.RunAsync);

        added.GetProperty("device").GetProperty("state").GetString().ShouldBe("approved");
        (await shared.Console.GetAsync("devices")).ToString().ShouldNotContain(path);
        // One letter off, and another one than the secret happens to end in.
        using var stranger = await shared.Server.Http.PostAsync(path[..^1] + (path[^1] == 'x' ? 'y' : 'x'), new StringContent("{}"), TestContext.Current.CancellationToken);
        ((int)stranger.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task A_hikvision_device_that_the_server_calls_is_called_and_its_events_are_stored()
    {
        await using var device = new IsapiDevice(new IsapiDevicePlan("HIK-PULL") { EventsPerSecond = 20, People = [Somebody] }, TimeProvider.System);
        device.Start();
        var id = (await shared.Console.PostAsync("devices", new { address = device.Address, user = "admin", password = "simulated-terminal-1", serial = "HIK-PULL" })).GetProperty("id").GetString();
        var calling = "";

        await HeardAsync("HIK-PULL", async stop =>
        {
            await device.RunAsync(stop);
            calling = (await shared.Console.GetAsync($"devices/{id}")).GetProperty("calling").GetProperty("phase").GetString();
        });

        calling.ShouldBeOneOf("streaming", "connecting", "waiting");
    }

    [Fact]
    public async Task A_device_that_refuses_the_password_is_said_so_on_the_page_and_left_alone()
    {
        await using var device = new IsapiDevice(new IsapiDevicePlan("HIK-WRONG"), TimeProvider.System);
        device.Start();
        var id = (await shared.Console.PostAsync("devices", new { address = device.Address, user = "admin", password = "not-its-own-4711", serial = "HIK-WRONG" })).GetProperty("id").GetString();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isapi = shared.Server.Host.Protocols.Isapi;
        isapi.StatusChanged += status => _ = status.DeviceId == id && status.Phase == IsapiPhase.Stopped && stopped.TrySetResult();
        if (isapi.StatusOf(id!)?.Phase != IsapiPhase.Stopped)
            await stopped.Task.WaitAsync(Limit);

        var calling = (await shared.Console.GetAsync($"devices/{id}")).GetProperty("calling");

        calling.GetProperty("phase").GetString().ShouldBe("stopped");
        calling.GetProperty("words").GetString().ShouldNotBeNullOrEmpty();
        calling.GetProperty("words").GetString()!.ShouldNotContain("not-its-own-4711");
    }

    [Fact]
    public async Task A_device_without_an_address_and_without_a_serial_is_none()
    {
        var (type, detail) = await shared.Console.RefusedAsync(HttpMethod.Post, "devices", 400, new { name = "Gate" });

        type.ShouldBe("bad-request");
        detail.ShouldContain("serial");
    }

    [Fact]
    public async Task The_port_of_devices_serves_them_and_nothing_else()
    {
        using var http = new HttpClient { BaseAddress = new Uri(shared.Server.Host.Addresses.Devices) };

        (await StatusAsync(http, "/iclock/ping?SN=PORT1")).ShouldBe(200);
        (await StatusAsync(http, "/behind/a/proxy/iclock/ping")).ShouldBe(404, "one folder before it is all that firmware knows");
        (await StatusAsync(http, "/behind/iclock/ping?SN=PORT1")).ShouldBe(200);
        (await StatusAsync(http, "/devices/v1/openapi.json")).ShouldBe(200);
        (await StatusAsync(http, "/devices/v1/commands")).ShouldBe(401);
        foreach (var path in new[] { "/", "/metrics", "/healthz", "/console/devices", "/console/api/status", "/interviews/x/report", "/assets/x", "/devices" })
            (await StatusAsync(http, path)).ShouldBe(404, path);
        (await StatusAsync(http, "/interviews/iclock/report")).ShouldBe(404);
        foreach (var path in new[] { "/console/api/people/iclock/consent", "/console/api/people/iclock/faces" })
            (await StatusAsync(http, path, HttpMethod.Post)).ShouldBe(404, $"{path}: somebody may have that number");
        (await StatusAsync(http, "/devices/v1/hello")).ShouldBe(405, "who makes a device is told what is wrong with the call");
    }

    [Fact]
    public async Task A_page_has_its_headers_though_a_part_of_its_path_is_a_terminals_word()
    {
        using var page = await shared.Server.Http.GetAsync("/console/api/people/iclock/consent", TestContext.Current.CancellationToken);

        page.Headers.Contains("Content-Security-Policy").ShouldBeTrue();
    }

    [Fact]
    public async Task Terminals_are_answered_without_what_browsers_need_and_a_refusal_has_no_words()
    {
        using var known = await shared.Server.Http.GetAsync("/iclock/cdata?SN=ZKHEAD1&options=all&pushver=2.4.1&language=69", TestContext.Current.CancellationToken);
        using var nobody = await shared.Server.Http.GetAsync("/iclock/cdata?options=all", TestContext.Current.CancellationToken);
        await shared.Server.Host.Devices.Registry.ChangeAsync(
            shared.Server.Host.Devices.Registry.Find("default", DeviceProtocol.ZkAttendance, "ZKHEAD1")!.Id, row => row.State = DeviceState.Refused, cancellationToken: TestContext.Current.CancellationToken);
        using var refused = await shared.Server.Http.GetAsync("/iclock/cdata?SN=ZKHEAD1&options=all&pushver=2.4.1&language=69", TestContext.Current.CancellationToken);

        (await known.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("GET OPTION FROM: ZKHEAD1");
        known.Content.Headers.ContentType!.ToString().ShouldBe("text/plain");
        known.Headers.Contains("Content-Security-Policy").ShouldBeFalse();
        ((int)nobody.StatusCode).ShouldBe(400);
        ((int)refused.StatusCode).ShouldBe(401);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty("firmware reads the words of an error page as an answer");
    }

    [Fact]
    public async Task A_body_of_a_stranger_is_not_asked_for()
    {
        using var server = new HttpClient { BaseAddress = new Uri(shared.Server.Host.Addresses.Http) };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/devices/isapi/{new string('a', 32)}") { Content = new ByteArrayContent(new byte[30 << 20]) };
        // The client asks first whether anybody wants it.
        request.Headers.ExpectContinue = true;

        using var isapi = await server.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)isapi.StatusCode).ShouldBe(404);
    }

    private static async Task<int> StatusAsync(HttpClient http, string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    /// <summary>Lets devices live until some events of this one are on the disk.</summary>
    private async Task HeardAsync(string serial, Func<CancellationToken, Task> live)
    {
        var parts = shared.Server.Host.Devices;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        void Count(IReadOnlyList<DeviceEventRow> rows)
        {
            if (Interlocked.Add(ref count, rows.Count(row => parts.Registry.Find(row.DeviceId)?.Row.Serial == serial)) >= Enough)
                enough.TrySetResult();
        }

        using var stop = new CancellationTokenSource();
        parts.Journal.Stored += Count;
        var living = live(stop.Token);
        try
        {
            await Task.WhenAny(enough.Task, living).WaitAsync(Limit);
        }
        finally
        {
            parts.Journal.Stored -= Count;
            await stop.CancelAsync();
            await living;
        }

        count.ShouldBeGreaterThanOrEqualTo(Enough);
    }
}
