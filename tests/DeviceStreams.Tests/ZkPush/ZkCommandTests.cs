using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.DeviceStreams.ZkPush.Commands;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

public sealed class ZkCommandTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public static TheoryData<string, string, string, string> Texts { get; } = new()
    {
        { "zk-user", """{"personNumber":"4711","name":"Ada","card":"133440"}""", "DATA UPDATE USERINFO PIN=4711\tName=Ada\tPri=0\tPasswd=\tCard=133440\tGrp=1\tTZ=0000000000000000\tVerify=0\tViceCard=", "DATA UPDATE user CardNo=133440\tPin=4711\tPassword=\tGroup=1\tStartTime=0\tEndTime=0\tName=Ada\tPrivilege=0" },
        { "zk-user", """{"personNumber":"4711","from":"2026-01-01","until":"2026-12-31"}""", "DATA UPDATE USERINFO PIN=4711\tName=\tPri=0\tPasswd=\tCard=\tGrp=1\tTZ=0000000000000000\tVerify=0\tViceCard=\tStartDatetime=2026-01-01T00:00:00\tEndDatetime=2026-12-31T23:59:59\tExpires=1", "DATA UPDATE user CardNo=\tPin=4711\tPassword=\tGroup=1\tStartTime=20260101\tEndTime=20261231\tName=\tPrivilege=0" },
        { "delete", """{"personNumber":"4711"}""", "DATA DELETE USERINFO PIN=4711", "DATA DELETE userauthorize Pin=4711" },
        { "zk-delete-face", """{"personNumber":"4711"}""", "DATA DELETE BIOPHOTO PIN=4711\tType=9", "DATA DELETE biophoto PIN=4711" },
        { "enrol", """{"personNumber":"4711"}""", "ENROLL_BIO TYPE=9\tPIN=4711\tCardNo=\tRETRY=3\tOVERWRITE=1", "ENROLL_BIO type=9\tno=0\tpin=4711\tcardno=\tretry=3\toverwrite=1" },
        { "open-door", """{"seconds":5}""", "AC_UNLOCK", "CONTROL DEVICE 01010105" },
        { "open-door", """{"seconds":600,"door":10}""", "AC_UNLOCK", "CONTROL DEVICE 010A01FE" },
        { "reboot", "{}", "REBOOT", "CONTROL DEVICE 03000000" },
        { "time-sync", "{}", "CHECK", "SET OPTIONS DateTime=" + ZkTime.Pack(new DateTime(2026, 10, 1, 14, 0, 0)) },
        { "fetch-logs", "{}", "CHECK", "DATA QUERY tablename=transaction,fielddesc=*,filter=*" },
        { "fetch-logs", """{"from":"2026-01-01T00:00:00Z","to":"2026-07-01T00:00:00Z"}""", "DATA QUERY ATTLOG StartTime=2026-01-01 01:00:00\tEndTime=2026-07-01 02:00:00", "DATA QUERY tablename=transaction,fielddesc=*,filter=starttime=2026-01-01 01:00:00\tendtime=2026-07-01 02:00:00" },
        { "zk-options", """{"values":{"VOLUME":"10"}}""", "SET OPTION VOLUME=10", "SET OPTIONS VOLUME=10" },
        { "zk-read-options", """{"keys":["DeviceName"]}""", "GET OPTION FROM DeviceName", "GET OPTIONS DeviceName" },
        { "zk-query", """{"what":"people"}""", "DATA QUERY USERINFO", "DATA QUERY tablename=user,fielddesc=*,filter=*" },
        { "zk-query", """{"what":"faces","personNumber":"4711"}""", "DATA QUERY BIODATA Type=9\tPin=4711", "DATA QUERY tablename=biophoto,fielddesc=*,filter=Type=9\tPin=4711" },
        { "zk-check", "{}", "CHECK", "" },
        { "zk-upload-log", "{}", "LOG", "DATA QUERY tablename=transaction,fielddesc=*,filter=NewRecord" },
        { "zk-info", "{}", "INFO", "GET OPTIONS ~SerialNumber,~DeviceName,FirmVer,UserCount,FaceCount,TransactionCount,LockCount,IPAddress,Language" },
        { "zk-clear", """{"what":"log","confirmed":true}""", "CLEAR LOG", "DATA DELETE transaction *" },
        { "zk-clear", """{"what":"log"}""", "", "" },
        { "zk-user", """{"personNumber":"47\t11"}""", "", "" },
        { "zk-user", """{"personNumber":"4711","name":"Ada\r\nC:9:REBOOT"}""", "", "" },
        { "zk-options", """{"values":{"VOLUME":"10\nC:9:REBOOT"}}""", "", "" },
        { "zk-options", """{"values":{"A":"1,B=2"}}""", "SET OPTION A=1,B=2", "" },
        { "open-door", """{"seconds":0}""", "", "" },
        { "settings", "{}", "", "" },
        { "shell", "{}", "", "" },
        { "zk-user", """["not what it should be"]""", "", "" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Each_dialect_has_its_words_and_what_has_none_is_ended_with_the_reason(string kind, string arguments, string attendance, string access)
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        host.People.Consents["4711"] = true;
        foreach (var (dialect, serial, words) in new[] { (ZkDialect.Attendance, ZkHost.Attendance, attendance), (ZkDialect.Access, ZkHost.Access, access) })
        {
            var device = await host.AddAsync(serial, dialect, "Europe/Berlin");
            var command = await QueueAsync(host, device, kind, arguments);

            var reply = Text(await host.GetAsync($"/iclock/getrequest?SN={serial}"));

            reply.ShouldBe(words.Length > 0 ? $"C:{command.Id}:{words}\n" : "OK");
            var stored = (await host.Commands.ListAsync(device.Id, 1))[0];
            stored.State.ShouldBe(words.Length > 0 ? DeviceCommandState.Sent : DeviceCommandState.Failed);
            stored.Result.Length.ShouldBe(words.Length > 0 ? 0 : stored.Result.Length);
            if (words.Length == 0)
                stored.Result.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Steps_are_told_one_after_another_and_a_failure_ends_them()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await QueueAsync(host, device, "zk-user", """{"personNumber":"4711","name":"Ada"}""");
        await QueueAsync(host, device, "zk-user", """{"personNumber":"4712","name":"Bo","doors":3}""");

        var first = await PollAsync(host);
        var nothing = await PollAsync(host);
        await ResultAsync(host, "ID=1&Return=-18&CMD=DATA UPDATE\nID=2&Return=0&CMD=DATA UPDATE\n");
        var second = await PollAsync(host);
        await ResultAsync(host, "ID=2&Return=0&CMD=DATA UPDATE\n");

        first.Split('\n').Length.ShouldBe(3);
        nothing.ShouldBe("OK");
        second.ShouldBe("C:2:DATA UPDATE userauthorize Pin=4712\tAuthorizeTimezoneId=1\tAuthorizeDoorId=3\tDevID=1\n");
        (await StatesAsync(host, device)).ShouldBe([("zk-user", DeviceCommandState.Failed, "-18: no space"), ("zk-user", DeviceCommandState.Succeeded, "0: done")]);
    }

    [Fact]
    public async Task Nothing_to_delete_does_not_keep_the_rest_from_being_deleted()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await QueueAsync(host, device, "delete", """{"personNumber":"4711"}""");

        var told = new List<string>();
        for (var step = 0; step < 5; step++)
        {
            told.Add(await PollAsync(host));
            await ResultAsync(host, $"ID=1&Return={(step == 4 ? 0 : -101)}&CMD=DATA DELETE\n");
        }

        told[^1].ShouldBe("C:1:DATA DELETE user Pin=4711\n");
        (await StatesAsync(host, device)).ShouldBe([("delete", DeviceCommandState.Succeeded, "0: done")]);
    }

    [Fact]
    public async Task A_command_of_many_slow_steps_goes_on_where_it_was()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        await QueueAsync(host, device, "zk-options", """{"values":{"A":"1","B":"2","C":"3"}}""");

        var told = new List<string>();
        for (var step = 0; step < 3; step++)
        {
            told.Add(await PollAsync(host, ZkHost.Attendance));
            host.Time.Advance(TimeSpan.FromSeconds(50));
            await ResultAsync(host, "ID=1&Return=0&CMD=SET OPTION\n", ZkHost.Attendance);
        }

        told.ShouldBe(["C:1:SET OPTION A=1\n", "C:1:SET OPTION B=2\n", "C:1:SET OPTION C=3\n"]);
        (await StatesAsync(host, device)).ShouldBe([("zk-options", DeviceCommandState.Succeeded, "0: done")]);
    }

    [Fact]
    public async Task What_was_not_answered_is_told_again_and_a_door_is_not()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await QueueAsync(host, device, "open-door", """{"seconds":5}""");
        await QueueAsync(host, device, "reboot", "{}");
        await QueueAsync(host, device, "zk-query", """{"what":"people"}""");

        var first = await PollAsync(host);
        host.Time.Advance(TimeSpan.FromSeconds(61));
        var second = await PollAsync(host);

        // Behind a restart nothing is done.
        first.ShouldBe("C:1:CONTROL DEVICE 01010105\nC:3:DATA QUERY tablename=user,fielddesc=*,filter=*\nC:2:CONTROL DEVICE 03000000\n");
        second.ShouldBe("C:3:DATA QUERY tablename=user,fielddesc=*,filter=*\n");
        (await StatesAsync(host, device)).Select(state => state.State).ShouldBe([DeviceCommandState.Failed, DeviceCommandState.Failed, DeviceCommandState.Sent]);
    }

    [Fact]
    public async Task A_door_that_should_have_opened_while_the_terminal_was_away_stays_shut()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await host.Commands.AddAsync(device.Id, CommandKinds.OpenDoor, new OpenDoorArguments(5), TimeSpan.FromSeconds(10));

        host.Time.Advance(TimeSpan.FromSeconds(11));

        (await PollAsync(host)).ShouldBe("OK");
        (await StatesAsync(host, device))[0].State.ShouldBe(DeviceCommandState.Expired);
    }

    [Fact]
    public async Task No_face_goes_to_a_terminal_without_consent_and_none_lies_open_in_the_queue()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, ZkPhotoSeal.MaxBytes - 4).Select(number => (byte)(number * 31))];
        var content = Convert.ToBase64String(jpeg);
        var sealedPhoto = ZkPhotoSeal.Seal(host.Keys, device.Tenant, "4711", jpeg);
        await host.Commands.AddAsync(device.Id, ZkCommandKinds.Photo, sealedPhoto, Lifetime);
        await host.Commands.AddAsync(device.Id, CommandKinds.Enrol, new EnrolArguments("4711", "Ada"), Lifetime);

        var without = await PollAsync(host, ZkHost.Attendance);
        host.People.Consents["4711"] = true;
        var row = await host.Commands.AddAsync(device.Id, ZkCommandKinds.Photo, sealedPhoto, Lifetime);
        await host.Commands.AddAsync(device.Id, ZkCommandKinds.Photo, sealedPhoto with { PersonNumber = "4712" }, Lifetime);
        var with = await PollAsync(host, ZkHost.Attendance);

        without.ShouldBe("OK");
        with.ShouldBe($"C:3:DATA UPDATE BIOPHOTO PIN=4711\tType=9\tNo=0\tIndex=0\tSize={content.Length}\tContent={content}\tFormat=0\tUrl=\tPostBackTmpFlag=0\n");
        row.Arguments.Length.ShouldBeLessThan(65_536);
        row.Arguments.ShouldNotContain(content[..64]);
        var states = await StatesAsync(host, device);
        states.Select(state => state.State).ShouldBe([DeviceCommandState.Failed, DeviceCommandState.Failed, DeviceCommandState.Sent, DeviceCommandState.Failed]);
        states[0].Result.ShouldContain("agreed");
        states[3].Result.ShouldContain("cannot be opened");
        Should.Throw<ArgumentException>(() => ZkPhotoSeal.Seal(host.Keys, device.Tenant, "4711", new byte[ZkPhotoSeal.MaxBytes + 1])).Message.ShouldContain("48001");
    }

    [Fact]
    public async Task A_restart_has_room_behind_as_many_of_the_largest_pictures_as_may_be_handed_out_at_once()
    {
        var most = (int)typeof(ZkPushOptions).GetProperty(nameof(ZkPushOptions.CommandsAtOnce))!.GetCustomAttribute<RangeAttribute>()!.Maximum;
        await using var host = await ZkHost.StartAsync(host => (host.Options.SetClock, host.Options.CommandsAtOnce) = (false, most));
        var device = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        host.People.Consents["4711"] = true;
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, .. Enumerable.Range(0, ZkPhotoSeal.MaxBytes - 4).Select(number => (byte)(number * 31))];
        var sealedPhoto = ZkPhotoSeal.Seal(host.Keys, device.Tenant, "4711", jpeg);
        for (var i = 1; i < most; i++)
            await host.Commands.AddAsync(device.Id, ZkCommandKinds.Photo, sealedPhoto, Lifetime);
        await QueueAsync(host, device, "reboot", "{}");

        var told = await PollAsync(host, ZkHost.Attendance);

        told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(most);
        told.ShouldEndWith($"C:{most}:REBOOT\n");
    }

    [Fact]
    public async Task A_consent_that_is_withdrawn_between_two_steps_ends_the_command()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        host.People.Consents["4711"] = true;
        await host.Commands.AddAsync(device.Id, CommandKinds.Enrol, new EnrolArguments("4711", "Ada"), Lifetime);
        await PollAsync(host);

        host.People.Consents.Clear();
        await ResultAsync(host, "ID=1&Return=0&CMD=DATA UPDATE\n");

        (await PollAsync(host)).ShouldBe("OK");
        (await StatesAsync(host, device)).ShouldHaveSingleItem().Result.ShouldContain("agreed");
    }

    [Fact]
    public async Task After_a_restart_of_the_server_results_find_their_command_and_steps_begin_again()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await QueueAsync(host, device, "zk-query", """{"what":"people"}""");
        await QueueAsync(host, device, "zk-user", """{"personNumber":"4711","name":"Ada"}""");
        await PollAsync(host);

        await host.RestartAsync();
        await ResultAsync(host, "ID=1&Return=3&CMD=DATA QUERY\nID=2&Return=0&CMD=DATA UPDATE\n");
        var early = await PollAsync(host);
        host.Time.Advance(TimeSpan.FromSeconds(61));
        var again = await PollAsync(host);

        early.ShouldBe("OK");
        again.ShouldStartWith("C:2:DATA UPDATE user CardNo=");
        (await StatesAsync(host, device)).ShouldBe([("zk-query", DeviceCommandState.Succeeded, "3: done"), ("zk-user", DeviceCommandState.Sent, "")]);
    }

    [Fact]
    public async Task A_result_without_a_number_a_pending_one_and_one_of_another_terminal_end_nothing()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        await QueueAsync(host, device, "zk-info", "{}");
        await PollAsync(host);

        await ResultAsync(host, "ID=1&CMD=GET OPTIONS");
        await ResultAsync(host, "ID=1&Return=xyz&CMD=GET OPTIONS");
        await ResultAsync(host, "ID=1&Return=-5000&CMD=GET OPTIONS");
        await ResultAsync(host, "ID=1&Return=0&CMD=INFO", ZkHost.Attendance);

        (await StatesAsync(host, device))[0].State.ShouldBe(DeviceCommandState.Sent);
    }

    [Fact]
    public async Task Five_thousand_without_a_sign_is_a_number_of_records_of_a_query_and_of_everything_else_that_it_is_not_done_yet()
    {
        await using var host = await ZkHost.StartAsync(host => host.Options.SetClock = false);
        var device = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await QueueAsync(host, device, "zk-query", """{"what":"people"}""");
        await QueueAsync(host, device, "open-door", """{"seconds":5}""");
        await PollAsync(host);

        await ResultAsync(host, "ID=1&Return=5000&CMD=DATA QUERY\nID=2&Return=5000&CMD=CONTROL DEVICE\n");

        (await StatesAsync(host, device)).ShouldBe([("zk-query", DeviceCommandState.Succeeded, "5000: done"), ("open-door", DeviceCommandState.Sent, "")]);
    }

    [Fact]
    public async Task Terminals_learn_of_a_change_of_daylight_saving_time_at_their_next_poll()
    {
        await using var host = await ZkHost.StartAsync(host => host.Devices.TimeZone = "Europe/Berlin");
        await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await host.GetAsync("/iclock/cdata?SN=ZKSIM0000001&options=all&DeviceType=att");
        var access = await PollAsync(host);
        await ResultAsync(host, "ID=1&Return=0&CMD=SET OPTIONS");

        var before = (await PollAsync(host, ZkHost.Attendance), await PollAsync(host));
        host.Time.SetUtcNow(new DateTimeOffset(2026, 10, 25, 1, 0, 10, TimeSpan.Zero));
        var after = (await PollAsync(host, ZkHost.Attendance), await PollAsync(host));
        var once = (await PollAsync(host, ZkHost.Attendance), await PollAsync(host));
        // Between the change and the next handshake its clock still shows summer time.
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=ATTLOG", "4711\t2026-10-25 03:00:11\t0\t15\t0");
        var handshake = Text(await host.GetAsync("/iclock/cdata?SN=ZKSIM0000001&options=all&DeviceType=att"));
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=ATTLOG", "4711\t2026-10-25 02:00:12\t0\t15\t0");

        access.ShouldBe($"C:1:SET OPTIONS DateTime={ZkTime.Pack(new DateTime(2026, 10, 1, 14, 0, 0))}\n");
        before.ShouldBe(("OK", "OK"));
        after.ShouldBe(("C:2:CHECK\n", $"C:3:SET OPTIONS DateTime={ZkTime.Pack(new DateTime(2026, 10, 25, 2, 0, 10))}\n"));
        once.ShouldBe(("OK", "OK"));
        handshake.Split('\n').ShouldContain("TimeZone=1");
        (await host.EventsAsync()).Select(happened => happened.OccurredAt).ShouldBe([new DateTimeOffset(2026, 10, 25, 1, 0, 11, TimeSpan.Zero), new DateTimeOffset(2026, 10, 25, 1, 0, 12, TimeSpan.Zero)]);
    }

    [Fact]
    public async Task A_Chinese_terminal_is_told_names_in_its_letters()
    {
        await using var host = await ZkHost.StartAsync(host => (host.Options.SetClock, host.Options.GbkTerminals) = (false, [ZkHost.Access]));
        var chinese = await host.AddAsync(ZkHost.Attendance, ZkDialect.Attendance);
        var set = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await host.GetAsync("/iclock/cdata?SN=ZKSIM0000001&options=all&language=83&DeviceType=att");
        await QueueAsync(host, chinese, "zk-user", """{"personNumber":"4711","name":"张三"}""");
        await QueueAsync(host, set, "zk-user", """{"personNumber":"4711","name":"张三"}""");

        var replies = new[] { await host.GetAsync("/iclock/getrequest?SN=ZKSIM0000001"), await host.GetAsync("/iclock/getrequest?SN=ZKSIM0000002") };

        replies.ShouldAllBe(reply => Contains(reply.Body, new byte[] { (byte)'=', 0xD5, 0xC5, 0xC8, 0xFD, (byte)'\t' }));
    }

    private static bool Contains(ReadOnlyMemory<byte> body, byte[] part) => body.Span.IndexOf(part) >= 0;

    private static Task<DeviceCommandRow> QueueAsync(ZkHost host, Device device, string kind, string arguments) =>
        host.Commands.AddAsync(device.Id, kind, System.Text.Json.JsonDocument.Parse(arguments).RootElement, Lifetime);

    private static async Task<string> PollAsync(ZkHost host, string serial = ZkHost.Access) => Text(await host.GetAsync($"/iclock/getrequest?SN={serial}"));

    private static async Task ResultAsync(ZkHost host, string body, string serial = ZkHost.Access) => Text(await host.PostAsync($"/iclock/devicecmd?SN={serial}", body)).ShouldBe("OK");

    private static async Task<List<(string Kind, DeviceCommandState State, string Result)>> StatesAsync(ZkHost host, Device device) =>
        [.. (await host.Commands.ListAsync(device.Id, 100)).OrderBy(command => command.Id).Select(command => (command.Kind, command.State, command.Result))];

    private static string Text(DeviceReply reply)
    {
        reply.Status.ShouldBe(200);
        return Encoding.UTF8.GetString(reply.Body.Span);
    }
}
