using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Login;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>The simulated device is one that other clients would take for real.</summary>
public sealed class SimulatorTests
{
    [Fact]
    public async Task Every_call_that_published_clients_probe_a_device_with_is_answered()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000701"));
        using var client = new IsapiClient(simulated.Address!, new DeviceLogin(simulated.Plan.User, simulated.Plan.Password), new CertificatePin(null), new IsapiOptions(), TimeProvider.System);
        string[] probes =
        [
            "System/deviceInfo", "System/capabilities", "System/status", "System/time", "System/Network/interfaces", "Security/capabilities", "Event/capabilities", "Event/triggers",
            "Event/notification/httpHosts", "AccessControl/capabilities", "AccessControl/AcsEvent/capabilities?format=json", "AccessControl/AcsWorkStatus?format=json", "AccessControl/Door/param/1",
            "AccessControl/RemoteControl/door/capabilities", "AccessControl/CaptureFaceData/capabilities", "AccessControl/UserInfo/capabilities?format=json", "AccessControl/UserInfo/Count?format=json",
            "AccessControl/CardInfo/Count?format=json", "Intelligent/FDLib/capabilities?format=json", "Streaming/channels", "System/Video/inputs/channels", "ContentMgmt/capabilities",
            "VideoIntercom/callStatus?format=json", "AccessControl/AcsCfg?format=json", "Intelligent/FDLib/Count?format=json",
        ];

        foreach (var probe in probes)
        {
            var reply = await client.SendAsync(IsapiCall.Get("/ISAPI/" + probe), CancellationToken.None);

            reply.Read().ShouldNotBeNull(probe);
            (reply.Status is 200 or 400 or 403).ShouldBeTrue(probe);
        }

        simulated.Login.FailureCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_write_without_a_body_is_refused_before_anybody_asks_who_it_is()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000702"));
        using var http = new HttpClient();
        using var content = new ByteArrayContent([]);

        using var reply = await http.PutAsync(new Uri(simulated.Address!, "/ISAPI/System/time"), content);

        ((int)reply.StatusCode, reply.Headers.WwwAuthenticate.Count).ShouldBe((400, 0));
    }

    [Fact]
    public async Task The_frameworks_own_client_gets_past_its_login_too()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000703"));
        using var handler = new HttpClientHandler { Credentials = new System.Net.NetworkCredential(simulated.Plan.User, simulated.Plan.Password) };
        using var http = new HttpClient(handler);

        (await http.GetStringAsync(new Uri(simulated.Address!, "/ISAPI/System/deviceInfo"))).ShouldContain("SIM000000703");
    }

    [Fact]
    public async Task It_locks_after_wrong_passwords_and_longer_with_each_try()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000704") { TriesBeforeLock = 2 });
        for (var i = 0; i < 2; i++)
            (await FaultAsync(simulated, "wrong")).ShouldBe(i == 0 ? IsapiFault.LoginRefused : IsapiFault.Locked);

        (await FaultAsync(simulated, simulated.Plan.Password)).ShouldBe(IsapiFault.Locked);
        simulated.Login.TriesWhileLocked.ShouldBe(1);
    }

    [Fact]
    public async Task It_lives_by_itself_and_misbehaves_on_request_and_nothing_is_lost()
    {
        await using var site = await IsapiSite.OpenAsync();
        await using var gate = await ListenerHost.StartAsync(site);
        var (_, path) = await site.AddListenerAsync("SIM000000705");
        await using var simulated = new IsapiDevice(
            new IsapiDevicePlan("SIM000000705")
            {
                PushTo = new Uri(gate.Address, path),
                EventsPerSecond = 50,
                People = [new SimulatedFace("25", new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 0xFF, 0xD9 }), new SimulatedFace("", default)],
                Misbehaviour = Misbehaviour.Resends | Misbehaviour.CutBodies | Misbehaviour.ReconnectStorms,
                Seed = 3,
            }, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var running = simulated.RunAsync(stop.Token);

        await site.WhenStoredAsync(60);
        await stop.CancelAsync();
        await running;

        await simulated.Push.WhenDeliveredAsync((int)simulated.Counts.Sent);
        (await site.SerialsAsync()).Count.ShouldBe((int)simulated.Counts.Sent);
        simulated.Counts.Answered.ShouldBe(simulated.Counts.Sent);
        simulated.Counts.Resent.ShouldBeGreaterThan(0);
    }

    private static async Task<IsapiFault?> FaultAsync(IsapiDevice simulated, string password)
    {
        using var client = new IsapiClient(simulated.Address!, new DeviceLogin(simulated.Plan.User, password), new CertificatePin(null), new IsapiOptions(), TimeProvider.System);
        return (await Should.ThrowAsync<IsapiException>(() => client.SendAsync(IsapiCall.Get("/ISAPI/System/status"), CancellationToken.None))).Fault;
    }

    private static IsapiDevice Started(IsapiDevicePlan plan)
    {
        var device = new IsapiDevice(plan, TimeProvider.System);
        device.Start();
        return device;
    }
}
