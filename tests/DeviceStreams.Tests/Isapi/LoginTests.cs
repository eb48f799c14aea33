using System.Net;
using System.Net.Sockets;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Login;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Registry;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>A password is tried once; a nonce that has grown old is not a wrong password; a certificate is the one that came first.</summary>
public sealed class LoginTests
{
    [Fact]
    public async Task A_refused_login_stops_everything_after_one_try_over_a_restart_and_until_a_person_enters_another()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000001"));
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated, password: "wrong");

        var status = await site.WhenAsync(device, IsapiPhase.Stopped);
        status.Words.ShouldContain("4 tries");
        status.RetryAt.ShouldBeNull();
        await site.RestartAsync();
        (await site.WhenAsync(device, IsapiPhase.Stopped)).Words.ShouldContain("4 tries");
        simulated.Login.FailureCount.ShouldBe(1);

        await EnterAsync(site, device, simulated);

        await site.WhenAsync(device, IsapiPhase.Streaming);
        simulated.Login.FailureCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_lock_stops_everything_and_nothing_is_tried_while_it_lasts()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000002"));
        simulated.Login.Lock();
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);

        var status = await site.WhenAsync(device, IsapiPhase.Stopped);

        status.Words.ShouldContain("111 s");
        simulated.Login.TriesWhileLocked.ShouldBe(1);
        (await site.WhenAsync(device, one => one.Phase == IsapiPhase.Stopped, "still stopped")).RetryAt.ShouldBeNull();
        simulated.Login.TriesWhileLocked.ShouldBe(1);
    }

    [Fact]
    public async Task A_lock_of_a_login_that_had_worked_is_waited_for_where_an_operator_wants_that()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000003"));
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.RetryAfterLock = true);
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        await WhenAllIsAskedAsync(simulated);

        simulated.Login.Lock();
        simulated.DropConnections();

        var status = await site.WhenAsync(device, one => one.Words.Contains("locked", StringComparison.Ordinal), "locked");
        (status.Phase, status.RetryAt is not null).ShouldBe((IsapiPhase.Stopped, true));
        await site.RestartAsync();
        status = await site.WhenAsync(device, one => one.Words.Contains("locked", StringComparison.Ordinal), "locked still");
        (status.Phase, status.RetryAt is not null).ShouldBe((IsapiPhase.Stopped, true));
        simulated.Login.TriesWhileLocked.ShouldBe(1, "a restart is no reason to try within the lock");
    }

    [Fact]
    public async Task A_lock_from_before_an_operator_wanted_that_is_waited_for_and_then_tried_once()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 8, 15, 4, TimeSpan.Zero));
        await using var simulated = new IsapiDevice(new IsapiDevicePlan("SIM000000014"), time);
        simulated.Start();
        await using var site = await IsapiSite.OpenAsync(configure => configure.Options.RequestLimitS = 120, time);
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        await WhenAllIsAskedAsync(simulated);
        simulated.Login.Lock();
        simulated.DropConnections();
        var locked = site.WhenAsync(device, one => one.Words.Contains("locked", StringComparison.Ordinal), "locked");
        await IsapiSite.AdvanceUntilAsync(time, locked);
        var status = await locked;
        (status.Phase, status.RetryAt).ShouldBe((IsapiPhase.Stopped, null));

        await site.StopAsync();
        site.Options.RetryAfterLock = true;
        await site.StartAsync();

        status = await site.WhenAsync(device, one => one.Words.Contains("locked", StringComparison.Ordinal), "locked still");
        (status.Phase, status.RetryAt is not null).ShouldBe((IsapiPhase.Stopped, true));
        await IsapiSite.AdvanceUntilAsync(time, site.WhenAsync(device, IsapiPhase.Streaming));
        simulated.Login.TriesWhileLocked.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nonces_that_live_for_one_use_or_two_and_ones_that_grow_old_are_no_wrong_passwords(int uses)
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000004") { NonceUses = uses });
        using var client = Client(simulated);

        for (var i = 0; i < 5; i++)
        {
            await client.PrepareAsync(CancellationToken.None);
            if (i == 3)
                simulated.Login.ForgetNonces();
            (await client.SendAsync(IsapiCall.Get("/ISAPI/System/deviceInfo"), CancellationToken.None)).Status.ShouldBe(200);
            (await client.SendAsync(IsapiCall.Json("POST", "/ISAPI/AccessControl/AcsEventTotalNum?format=json", "{}"), CancellationToken.None)).Status.ShouldBe(200);
        }

        simulated.Login.FailureCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_client_that_was_refused_asks_nobody_again()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000005"));
        using var client = Client(simulated, password: "wrong");

        for (var i = 0; i < 5; i++)
            (await Should.ThrowAsync<IsapiException>(() => client.SendAsync(IsapiCall.Get("/ISAPI/System/deviceInfo"), CancellationToken.None))).Fault.ShouldBe(IsapiFault.LoginRefused);

        simulated.Login.FailureCount.ShouldBe(1);
        client.WasAccepted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_password_is_tried_once_also_with_a_nonce_that_was_ready_and_whether_the_device_counts_tries_or_not(bool countsTries)
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000010") { CountsTries = countsTries });
        using var client = Client(simulated, password: "wrong");
        await client.PrepareAsync(CancellationToken.None);

        (await Should.ThrowAsync<IsapiException>(() => client.SendAsync(IsapiCall.Get("/ISAPI/System/deviceInfo"), CancellationToken.None))).Fault.ShouldBe(IsapiFault.LoginRefused);

        simulated.Login.FailureCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_nonce_that_was_ready_and_is_old_when_it_is_used_is_no_wrong_password_of_a_login_that_nobody_has_taken_yet()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000011"));
        using var client = Client(simulated);
        await client.PrepareAsync(CancellationToken.None);
        simulated.Login.ForgetNonces();

        (await client.SendAsync(IsapiCall.Get("/ISAPI/System/deviceInfo"), CancellationToken.None)).Status.ShouldBe(200);

        simulated.Login.FailureCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_refusal_that_is_too_long_is_not_waited_for_and_keeps_no_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync();
                await connection.GetStream().ReadExactlyAsync(new byte[16]);
                await connection.GetStream().WriteAsync("HTTP/1.1 401 Unauthorized\r\nContent-Length: 1000000\r\n\r\n"u8.ToArray());
            }
        });
        using var client = new IsapiClient(new Uri($"http://{listener.LocalEndpoint}"), new DeviceLogin("admin", "password-1"), new CertificatePin(null), new IsapiOptions(), TimeProvider.System);

        // More than there are connections.
        for (var i = 0; i < 6; i++)
            (await Should.ThrowAsync<IsapiException>(() => client.SendAsync(IsapiCall.Get("/ISAPI/System/deviceInfo"), CancellationToken.None))).Message.ShouldContain("bytes");

        listener.Stop();
        await serving.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Another_certificate_than_the_first_stops_before_any_proof_of_the_password_is_sent()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000006") { UsesTls = true });
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        await WhenAllIsAskedAsync(simulated);
        var requests = simulated.Requests.Count;

        simulated.RenewCertificate();
        simulated.DropConnections();

        (await site.WhenAsync(device, IsapiPhase.Stopped)).Words.ShouldContain("another certificate");
        simulated.Requests.Count.ShouldBe(requests);
        await site.RestartAsync();
        await site.WhenAsync(device, IsapiPhase.Stopped);

        await EnterAsync(site, device, simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
    }

    [Fact]
    public async Task The_first_certificate_is_remembered_over_a_restart()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000007") { UsesTls = true });
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated);
        await site.WhenAsync(device, IsapiPhase.Streaming);
        await site.StopAsync();

        simulated.RenewCertificate();
        await site.StartAsync();

        (await site.WhenAsync(device, IsapiPhase.Stopped)).Words.ShouldContain("another certificate");
    }

    [Fact]
    public async Task Another_device_at_the_address_is_left_alone()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000008"));
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated, change: row => row.Serial = "SIM999999999");

        (await site.WhenAsync(device, IsapiPhase.Stopped)).Words.ShouldContain("SIM000000008");
    }

    [Fact]
    public async Task A_device_that_nobody_gave_a_serial_is_the_first_that_answers_at_its_address()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000012"));
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated, change: row => row.Serial = simulated.Address!.Authority);
        await site.WhenAsync(device, IsapiPhase.Streaming);

        var port = simulated.Address!.Port;
        await simulated.StopAsync();
        await using var other = Started(new IsapiDevicePlan("SIM000000013") { Port = port });

        (await site.WhenAsync(device, IsapiPhase.Stopped)).Words.ShouldContain("SIM000000013, not SIM000000012");
    }

    [Fact]
    public async Task A_device_without_a_login_waits_for_one_and_is_called_at_once_when_it_has_it()
    {
        await using var simulated = Started(new IsapiDevicePlan("SIM000000009"));
        await using var site = await IsapiSite.OpenAsync();
        var device = await site.AddAsync(simulated, change: row => row.SealedLogin = null);

        (await site.WhenAsync(device, IsapiPhase.Stopped)).Words.ShouldContain("no login");
        await EnterAsync(site, device, simulated);

        await site.WhenAsync(device, IsapiPhase.Streaming);
    }

    [Theory]
    [InlineData("ENX01234567", true)]
    [InlineData("DS-K1T000MWX20260101V031601ENX01234567", true)]
    [InlineData("DS-K1T000MWX20270101V044840ENX01234567", true)]
    [InlineData("ENX01234568", false)]
    [InlineData("4567", false)]
    public void A_serial_may_be_written_down_by_its_last_nine_and_may_change_in_front_with_an_upgrade(string serial, bool isSame) =>
        new DeviceInfo("DS-K1T000MWX20260101V031601ENX01234567", "", "", "", "").Is(serial).ShouldBe(isSame);

    [Fact]
    public void No_password_is_in_what_a_login_or_a_fault_says()
    {
        new DeviceLogin("admin", "secret-1").ToString().ShouldNotContain("secret-1");
    }

    /// <summary>The last that a new connection asks for is the log.</summary>
    private static async Task WhenAllIsAskedAsync(IsapiDevice simulated)
    {
        var isAsked = false;
        for (var i = 0; i < 3_000 && !isAsked; i++)
        {
            isAsked = simulated.Requests.Any(request => request is { Method: "POST", Path: "/ISAPI/AccessControl/AcsEvent" });
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        isAsked.ShouldBeTrue("the log was asked for");
    }

    private static IsapiDevice Started(IsapiDevicePlan plan)
    {
        var device = new IsapiDevice(plan, TimeProvider.System);
        device.Start();
        return device;
    }

    private static IsapiClient Client(IsapiDevice simulated, string? password = null) => new(
        simulated.Address!, new DeviceLogin(simulated.Plan.User, password ?? simulated.Plan.Password), new CertificatePin(null), new IsapiOptions(), TimeProvider.System);

    private static Task EnterAsync(IsapiSite site, Device device, IsapiDevice simulated) => site.Registry.ChangeAsync(
        device.Id, row => row.SealedLogin = new DeviceLogin(simulated.Plan.User, simulated.Plan.Password).Seal(site.Keys, row.Tenant, row.Id));
}
