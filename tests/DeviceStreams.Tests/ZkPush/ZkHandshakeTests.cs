using System.Globalization;
using System.Net;
using System.Text;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

public sealed class ZkHandshakeTests
{
    private const string AttendanceHandshake = "/iclock/cdata?SN=ZKSIM0000001&options=all&language=69&pushver=2.4.1&DeviceType=att&PushOptionsFlag=1";
    private const string AccessHandshake = "/iclock/cdata?SN=ZKSIM0000002&pushver=3.1.2&options=all&DeviceType=acc&PushOptionsFlag=1&language=69";

    [Fact]
    public async Task The_options_of_an_attendance_terminal_are_to_the_letter()
    {
        await using var host = await ZkHost.StartAsync(host => host.Devices.TimeZone = "Europe/Berlin");

        var reply = await host.GetAsync(AttendanceHandshake);

        Text(reply).ShouldBe(
            "GET OPTION FROM: ZKSIM0000001\nATTLOGStamp=9999\nOPERLOGStamp=9999\nBIODATAStamp=9999\nIDCARDStamp=9999\nERRORLOGStamp=9999\nATTPHOTOStamp=None\nStamp=9999\nOpStamp=9999\nPhotoStamp=9999\nErrorDelay=30\nDelay=10\nTransTimes=00:00;14:05\nTransInterval=1\n"
            + "TransFlag=111010100001\nTimeZone=2\nRealtime=1\nEncrypt=None\nServerVer=2.4.1\nPushProtVer=2.4.1\nPushOptionsFlag=1\n"
            + "PushOptions=UserCount,TransactionCount,FaceFunOn,FaceVersion,FaceCount,BioPhotoFun,BioDataFun,PhotoFunOn,~LockFunOn,~Platform,MultiBioPhotoSupport,MultiBioDataSupport,Language\n"
            + "SupportPing=1\nMaxPostSize=1048576\nMultiBioDataSupport=0:0:0:0:0:0:0:0:0:1:0\nMultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:1:0");
        reply.ContentType.ShouldBe("text/plain");
        DateTimeOffset.ParseExact(reply.Headers["Date"], "R", CultureInfo.InvariantCulture).ShouldBe(host.Time.GetUtcNow());
    }

    [Theory]
    [InlineData("Asia/Kolkata", "330")]
    [InlineData("Asia/Kathmandu", "345")]
    [InlineData("America/New_York", "-4")]
    [InlineData("America/St_Johns", "-150")]
    [InlineData("Pacific/Auckland", "780")]
    [InlineData("Pacific/Kiritimati", "840")]
    [InlineData("Etc/GMT+12", "-720")]
    [InlineData("UTC", "0")]
    public async Task Zones_are_hours_below_twelve_and_else_minutes(string zone, string option)
    {
        await using var host = await ZkHost.StartAsync();
        await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance, zone);

        var reply = await host.GetAsync(AttendanceHandshake);

        Text(reply).Split('\n').ShouldContain($"TimeZone={option}");
    }

    [Fact]
    public async Task A_clock_that_is_not_ours_to_set_is_left_alone()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        await host.AddAsync(ZkHost.Access, ZkDialect.Access, "Europe/Berlin");

        Text(await host.GetAsync(AttendanceHandshake)).ShouldNotContain("TimeZone");
        Text(await host.GetAsync("/iclock/getrequest?SN=ZKSIM0000002")).ShouldBe("OK");
    }

    [Fact]
    public async Task A_security_terminal_gets_one_code_and_one_session_for_good()
    {
        await using var host = await ZkHost.StartAsync();

        var first = Lines(await host.GetAsync(AccessHandshake));
        var registry = Text(await host.PostAsync("/iclock/registry?SN=ZKSIM0000002", "DeviceType=acc,~DeviceName=SIM-V1,FirmVer=SIM-NF-Ver1.0.0"));
        var push = Lines(await host.PostAsync("/iclock/push?SN=ZKSIM0000002", ""));
        await host.RestartAsync();
        var again = Lines(await host.GetAsync(AccessHandshake));

        first.Keys.ShouldBe(["registry", "RegistryCode", "ServerVersion", "ServerName", "PushProtVer", "PushVersion", "ErrorDelay", "RequestDelay", "TransTimes", "TransInterval", "TransTables", "Realtime", "SessionID", "TimeoutSec"]);
        first["registry"].ShouldBe("ok");
        first["RegistryCode"].Length.ShouldBe(16);
        first["SessionID"].ShouldMatch("^[0-9A-F]{32}$");
        registry.ShouldBe("RegistryCode=" + first["RegistryCode"]);
        push["SessionID"].ShouldBe(first["SessionID"]);
        push.ShouldNotContainKey("registry");
        push.ShouldNotContainKey("RegistryCode");
        again.ShouldBe(first);
        var device = host.Registry.List().ShouldHaveSingleItem();
        device.Row.Protocol.ShouldBe(DeviceProtocol.ZkAccess);
        (device.Row.Model, device.Row.Firmware).ShouldBe(("SIM-V1", "SIM-NF-Ver1.0.0"));
    }

    [Fact]
    public async Task Who_is_not_approved_keeps_everything_and_shows_up_with_its_model()
    {
        await using var host = await ZkHost.StartAsync(host => host.Devices.ApproveNewcomers = false);

        var refused = new List<DeviceReply>
        {
            await host.GetAsync(AccessHandshake),
            await host.PostAsync("/iclock/registry?SN=ZKSIM0000002", "DeviceType=acc,~DeviceName=SIM-V1,FirmVer=SIM-NF-Ver1.0.0"),
            await host.PostAsync("/iclock/cdata?SN=ZKSIM0000002&table=rtlog", "time=2026-01-10 11:49:32\tpin=4711\tevent=3\tindex=21"),
            await host.GetAsync("/iclock/getrequest?SN=ZKSIM0000002"),
        };

        refused.Select(reply => reply.Status).ShouldBe([401, 406, 401, 401]);
        refused.ShouldAllBe(reply => reply.Body.IsEmpty);
        (await host.EventsAsync()).ShouldBeEmpty();
        var waiting = host.Registry.List().ShouldHaveSingleItem();
        (waiting.Row.State, waiting.Row.Protocol, waiting.Row.Model).ShouldBe((DeviceState.Pending, DeviceProtocol.ZkAccess, "SIM-V1"));

        await host.Registry.ChangeAsync(waiting.Id, row => row.State = DeviceState.Approved);
        Text(await host.GetAsync(AccessHandshake)).ShouldStartWith("registry=ok\n");
        await host.Registry.ChangeAsync(waiting.Id, row => row.State = DeviceState.Refused);
        (await host.GetAsync(AccessHandshake)).Status.ShouldBe(401);
        (await host.PostAsync("/iclock/registry?SN=ZKSIM0000002", "")).Status.ShouldBe(406);
    }

    [Fact]
    public async Task Of_who_is_not_approved_no_body_is_read_but_the_one_that_says_what_it_is()
    {
        await using var host = await ZkHost.StartAsync(host => host.Devices.ApproveNewcomers = false);
        var limits = new List<int>();
        async Task<int> PostAsync(string target)
        {
            var request = new DeviceRequest("POST", target.Split('?')[0], target.Split('?')[1], new Dictionary<string, string>(), default, null);
            return (await host.Server.HandleAsync(request, ReadAsync, CancellationToken.None)).Status;
        }

        ValueTask<ReadOnlyMemory<byte>?> ReadAsync(int maxBytes, CancellationToken cancellationToken)
        {
            limits.Add(maxBytes);
            return ValueTask.FromResult<ReadOnlyMemory<byte>?>("DeviceType=acc,~DeviceName=SIM-V1"u8.ToArray());
        }

        (await PostAsync("/iclock/cdata?SN=ZKSIM0000002&table=rtlog")).ShouldBe(401);
        limits.ShouldBeEmpty();
        (await PostAsync("/iclock/registry?SN=ZKSIM0000002")).ShouldBe(406);
        limits.ShouldBe([65_536]);
        var waiting = host.Registry.List().ShouldHaveSingleItem();
        waiting.Row.Model.ShouldBe("SIM-V1");
        await host.Registry.ChangeAsync(waiting.Id, row => row.State = DeviceState.Approved);
        (await PostAsync("/iclock/cdata?SN=ZKSIM0000002&table=rtlog")).ShouldBe(200);

        limits.ShouldBe([65_536, host.Server.MaxBodyBytes]);
    }

    [Fact]
    public async Task Strangers_who_ask_too_often_have_nothing_read_and_what_they_send_is_not_worth_a_warning()
    {
        await using var host = await ZkHost.StartAsync(host => (host.Devices.ApproveNewcomers, host.Options.StrangerRequestsPerMinute) = (false, 10));
        var reads = 0;

        var statuses = new List<int>();
        for (var i = 0; i < 15; i++)
            statuses.Add(await PostEndlessAsync(host, $"SN=ZKNEW{i}&table=options", _ => reads++));

        statuses.ShouldBe([.. Enumerable.Repeat(413, 10), .. Enumerable.Repeat(429, 5)]);
        reads.ShouldBe(10);
        Warnings(host).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SN=ZKSIM0000001&table=options", 16 << 20, 65_536, false)]
    [InlineData("SN=ZKSIM0000001&table=options", 10_000, 10_000, true)]
    [InlineData("SN=ZKSIM0000001&table=ATTLOG", 16 << 20, 16 << 20, true)]
    public async Task A_larger_limit_is_recommended_only_where_it_would_help(string query, int maxBodyBytes, int limit, bool helps)
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.MaxBodyBytes = maxBodyBytes);
        await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        var limits = new List<int>();

        (await PostEndlessAsync(host, query, limits.Add)).ShouldBe(413);

        limits.ShouldBe([limit]);
        Warnings(host).ShouldHaveSingleItem().Contains("raise Devices:ZkPush:MaxBodyBytes", StringComparison.Ordinal).ShouldBe(helps);
    }

    [Fact]
    public async Task More_requests_of_one_terminal_at_once_than_it_needs_wait_and_its_neighbours_do_not()
    {
        await using var host = await ZkHost.StartAsync();
        var arrives = new TaskCompletionSource<ReadOnlyMemory<byte>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<DeviceReply> BeginAsync(string serial) => host.Server.HandleAsync(
            new DeviceRequest("POST", "/iclock/cdata", $"SN={serial}&table=ATTLOG", new Dictionary<string, string>(), default, null), (_, _) => new ValueTask<ReadOnlyMemory<byte>?>(arrives.Task), CancellationToken.None);
        await host.GetAsync("/iclock/ping?SN=ZKSIM0000001");

        var slow = Enumerable.Range(0, 4).Select(_ => BeginAsync(ZkHost.Attendance)).ToList();
        var fifth = await BeginAsync(ZkHost.Attendance);
        var neighbour = BeginAsync(ZkHost.Access);
        arrives.SetResult("4711\t2026-01-05 08:00:00\t0\t1\t0"u8.ToArray());

        fifth.Status.ShouldBe(429);
        (await Task.WhenAll(slow.Append(neighbour))).ShouldAllBe(reply => reply.Status == 200);
        (await host.GetAsync("/iclock/ping?SN=ZKSIM0000001")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_terminal_from_another_network_is_turned_away_whatever_its_serial()
    {
        await using var host = await ZkHost.StartAsync();
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        await host.Registry.ChangeAsync(device.Id, row => row.Network = "192.0.2.0/24");

        var inside = await host.SendAsync("GET", AttendanceHandshake, "", IPAddress.Parse("192.0.2.16"));
        var outside = await host.SendAsync("GET", AttendanceHandshake, "", IPAddress.Parse("198.51.100.16"));

        (inside.Status, outside.Status).ShouldBe((200, 403));
        outside.Body.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task When_too_many_wait_the_next_is_told_to_come_again()
    {
        await using var host = await ZkHost.StartAsync(host => (host.Devices.ApproveNewcomers, host.Devices.MaxPending) = (false, 2));

        var statuses = new List<int>();
        for (var number = 1; number <= 3; number++)
            statuses.Add((await host.GetAsync($"/iclock/cdata?SN=ZKNEW{number}&options=all")).Status);

        statuses.ShouldBe([401, 401, 503]);
        host.Registry.List().Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_it_speaks_is_learned_while_it_waits_and_afterwards()
    {
        await using var host = await ZkHost.StartAsync(host => host.Devices.ApproveNewcomers = false);

        await host.GetAsync("/iclock/getrequest?SN=ZKSIM0000002");
        host.Registry.List().ShouldHaveSingleItem().Row.Protocol.ShouldBe(DeviceProtocol.ZkAttendance);
        await host.PostAsync("/iclock/registry?SN=ZKSIM0000002", "DeviceType=acc");
        var waiting = host.Registry.List().ShouldHaveSingleItem();
        waiting.Row.Protocol.ShouldBe(DeviceProtocol.ZkAccess);

        await host.Registry.ChangeAsync(waiting.Id, row => row.State = DeviceState.Approved);
        Text(await host.GetAsync("/iclock/cdata?SN=ZKSIM0000002&options=all")).ShouldStartWith("registry=ok");
        // Somebody changes the terminal's mode; the serial stays, and so does the word of whoever approved it.
        Text(await host.GetAsync("/iclock/cdata?SN=ZKSIM0000002&options=all&DeviceType=att")).ShouldStartWith("GET OPTION FROM: ZKSIM0000002\n");
        await host.RestartAsync();
        Text(await host.GetAsync("/iclock/cdata?SN=ZKSIM0000002&options=all")).ShouldStartWith("GET OPTION FROM: ZKSIM0000002\n");
        host.Registry.List().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_terminal_in_a_loop_waits_and_its_neighbour_does_not()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.RequestsPerMinute = 10);

        var statuses = new List<int>();
        for (var number = 0; number < 12; number++)
            statuses.Add((await host.GetAsync("/iclock/ping?SN=ZKSIM0000001")).Status);
        var neighbour = await host.GetAsync("/iclock/ping?SN=ZKSIM0000002");
        host.Time.Advance(TimeSpan.FromSeconds(6));
        var later = await host.GetAsync("/iclock/ping?SN=ZKSIM0000001");

        statuses.ShouldBe([.. Enumerable.Repeat(200, 10), 429, 429]);
        (neighbour.Status, later.Status).ShouldBe((200, 200));
    }

    [Fact]
    public async Task Strangers_in_a_loop_leave_those_alone_who_are_approved()
    {
        await using var host = await ZkHost.StartAsync(host => (host.Devices.ApproveNewcomers, host.Options.StrangerRequestsPerMinute) = (false, 10));
        await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);

        var statuses = new List<int>();
        for (var number = 0; number < 20; number++)
            statuses.Add((await host.GetAsync($"/iclock/ping?SN=ZKNEW{number % 3}")).Status);

        statuses.Count(status => status == 401).ShouldBe(10);
        statuses.Count(status => status == 429).ShouldBe(10);
        (await host.GetAsync("/iclock/ping?SN=ZKSIM0000001")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_whole_log_is_asked_for_once_and_until_it_comes()
    {
        await using var host = await ZkHost.StartAsync();
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        await host.Commands.AddAsync(device.Id, CommandKinds.FetchLogs, new FetchLogsArguments(), TimeSpan.FromHours(1));

        Lines(await host.GetAsync(AttendanceHandshake))["ATTLOGStamp"].ShouldBe("9999");
        Text(await host.GetAsync("/iclock/getrequest?SN=ZKSIM0000001")).ShouldBe("C:1:CHECK\n");
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=ATTLOG&Stamp=9999", "4711\t2026-01-05 08:00:00\t0\t1\t0");
        await host.RestartAsync();
        var asked = Lines(await host.GetAsync(AttendanceHandshake));
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=ATTLOG&Stamp=0", "4711\t2026-01-05 08:00:00\t0\t1\t0");
        var afterwards = Lines(await host.GetAsync(AttendanceHandshake));

        (asked["ATTLOGStamp"], asked["Stamp"], asked["OPERLOGStamp"], asked["OpStamp"]).ShouldBe(("0", "0", "9999", "9999"));
        (afterwards["ATTLOGStamp"], afterwards["Stamp"]).ShouldBe(("9999", "9999"));
    }

    [Fact]
    public async Task Old_firmware_goes_on_at_the_stamp_that_it_said_last()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.ResumeFromStamps = true);

        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=ATTLOG&Stamp=1767600000", "4711\t2026-01-05 08:00:00\t0\t1\t0");
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=OPERLOG&OpStamp=1767600001", "OPLOG 0\t0\t2026-01-05 08:00:00\t0\t0\t0\t0");
        await host.RestartAsync();
        // It knows no other names than these, and asks for no version of the protocol.
        var options = Lines(await host.GetAsync("/iclock/cdata?SN=ZKSIM0000001&options=all&pushver=2.2.14&language=83"));

        (options["Stamp"], options["OpStamp"], options["PhotoStamp"]).ShouldBe(("1767600000", "1767600001", "9999"));
        (options["ATTLOGStamp"], options["OPERLOGStamp"]).ShouldBe(("1767600000", "1767600001"));
    }

    /// <summary>Posts a body that is longer than whatever is read of it.</summary>
    private static async Task<int> PostEndlessAsync(ZkHost host, string query, Action<int> read)
    {
        var request = new DeviceRequest("POST", "/iclock/cdata", query, new Dictionary<string, string>(), default, null);
        var reply = await host.Server.HandleAsync(
            request,
            (maxBytes, _) =>
            {
                read(maxBytes);
                return ValueTask.FromResult<ReadOnlyMemory<byte>?>(null);
            },
            CancellationToken.None);
        return reply.Status;
    }

    private static List<string> Warnings(ZkHost host) => [.. host.Log.Collector.GetSnapshot().Where(record => record.Level >= LogLevel.Warning).Select(record => record.Message)];

    private static string Text(DeviceReply reply)
    {
        reply.Status.ShouldBe(200);
        return Encoding.UTF8.GetString(reply.Body.Span);
    }

    private static Dictionary<string, string> Lines(DeviceReply reply) =>
        Text(reply).Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal)).ToDictionary(line => line.Split('=')[0], line => line.Split('=', 2)[1], StringComparer.Ordinal);
}
