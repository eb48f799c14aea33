using System.Globalization;
using System.Text;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

public sealed class ZkUploadTests
{
    private const string Attendance = "/iclock/cdata?SN=ZKSIM0000001&table=ATTLOG&Stamp=9999";

    [Fact]
    public async Task What_was_not_stored_is_not_acknowledged_and_what_comes_again_is_not_stored_twice()
    {
        await using var host = await ZkHost.StartAsync();
        await host.GetAsync("/iclock/ping?SN=ZKSIM0000001");
        var body = Lines(0, 2_500);

        host.Fails = true;
        var failed = await host.PostAsync(Attendance, body);
        host.Fails = false;
        var stored = await host.PostAsync(Attendance, body);
        var again = await host.PostAsync(Attendance, body);

        (failed.Status, failed.Body.Length).ShouldBe((503, 0));
        Text(stored).ShouldBe("OK: 2500");
        Text(again).ShouldBe("OK: 2500");
        var events = await host.EventsAsync();
        events.Count.ShouldBe(2_500);
        events.Select(happened => happened.PersonNumber).ShouldBe(Enumerable.Range(0, 2_500).Select(number => number.ToString(CultureInfo.InvariantCulture)));
        (host.Server.Counts.Events, host.Server.Counts.Duplicates, host.Server.Counts.Faults).ShouldBe((2_500, 2_500, 1));
    }

    [Fact]
    public async Task A_photo_that_cannot_be_kept_comes_again_and_is_there_once()
    {
        await using var host = await ZkHost.StartAsync();
        const string Body = "PIN=20260722143000-4711.jpg\nSN=ZKSIM0000001\nsize=9512\nCMD=uploadphoto\0";
        await host.GetAsync("/iclock/ping?SN=ZKSIM0000001");

        host.Pictures.Fails = true;
        var failed = await PhotoAsync(host, Body);
        host.Pictures.Fails = false;
        var kept = await PhotoAsync(host, Body);
        var again = await PhotoAsync(host, Body);

        failed.Status.ShouldBe(503);
        (Text(kept), Text(again)).ShouldBe(("OK", "OK"));
        var happened = (await host.EventsAsync()).ShouldHaveSingleItem();
        happened.PersonNumber.ShouldBe("4711");
        host.Pictures.Kept[happened.Picture.ShouldNotBeNull()].ShouldBe([0xFF, 0xD8, 0xFF, 0xE0]);
    }

    [Fact]
    public async Task Lines_that_cannot_be_read_are_counted_all_and_kept_some()
    {
        await using var host = await ZkHost.StartAsync();

        var reply = await host.PostAsync(Attendance, string.Concat(Enumerable.Range(0, 500).Select(number => $"bad line {number}\n")));

        Text(reply).ShouldBe("OK: 500");
        host.Server.Counts.Unreadable.ShouldBe(500);
        var events = await host.EventsAsync();
        events.Count.ShouldBe(30);
        events.ShouldAllBe(happened => happened.Outcome == DeviceEventOutcome.NotAssessed && happened.Reason == "ATTLOG: person or time are missing");
        events[0].Detail.ShouldBe("""{"table":"ATTLOG","bytes":"10","line":"bad line 0"}""");
    }

    [Fact]
    public async Task No_password_and_no_template_is_kept_of_a_line_that_cannot_be_read()
    {
        await using var host = await ZkHost.StartAsync();

        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=USERINFO", "Name=Ada\tPasswd=s3cret\nxyz s3cret Password");
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=BIODATA", "BIODATA No=0\tTmp=s3cret");
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=somethingnew", "comPwd=s3cret");
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000001&table=options", "ComPwd=s3cret,authKey=s3cret,VMSPasswd=s3cret");

        var events = await host.EventsAsync();
        events.Count.ShouldBe(4);
        events.ShouldAllBe(happened => !(happened.Detail + happened.Reason + happened.DeduplicationKey).Contains("s3cret", StringComparison.Ordinal));
        host.Registry.List()[0].Row.Cursor!.ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task A_packed_log_is_read_and_a_bomb_is_not()
    {
        await using var host = await ZkHost.StartAsync();
        var packed = ZkTgz.Pack(Encoding.ASCII.GetBytes("OPLOG 4\t1\t2026-08-20 11:26:07\t4711\t0\t0\t0\nOPLOG 4\t1\t2026-08-20 11:26:08\t4711\t0\t0\t0\n"));
        var bomb = ZkTgz.Pack(new byte[40 << 20]);

        var good = await PostAsync(host, "/iclock/cdata", "SN=ZKSIM0000001&table=OPERLOG&ContentType=tgz", packed);
        var bad = await PostAsync(host, "/iclock/cdata", "SN=ZKSIM0000001&table=OPERLOG&ContentType=tgz", bomb);
        var liar = await PostAsync(host, "/iclock/cdata", "SN=ZKSIM0000001&table=OPERLOG&ContentType=tgz", ZkTgz.Gzip(ZkTgz.Claim('x', 4L << 30, [])));
        var file = await PostAsync(host, "/iclock/file", "SN=ZKSIM0000002&cmdid=7&fileseq=1&contenttype=tgz&table=transaction&count=1", ZkTgz.Pack("transaction cardno=0\tpin=4711\tverified=15\tdoorid=1\teventtype=3\tinoutstate=0\ttime_second=853597800\tindex=92"u8.ToArray()));
        byte[] envelope = [.. "name=transaction.tgz\nsize=636\ndatacode=base64\ndatatype=tgz\0"u8, .. Encoding.ASCII.GetBytes(Convert.ToBase64String(ZkTgz.Pack("transaction cardno=0\tpin=4712\tverified=15\tdoorid=1\teventtype=3\tinoutstate=0\ttime_second=853597801\tindex=93"u8.ToArray())))];
        var answer = await PostAsync(host, "/iclock/querydata", "SN=ZKSIM0000002&type=tabledata&cmdid=1&tablename=transaction&count=1&packcnt=1&packidx=1&datafmt=3&Stamp=9999", envelope);

        // Not that it could not be stored: the same would come again for ever.
        (Text(good), Text(bad), Text(liar), Text(file), Text(answer)).ShouldBe(("OK: 2", "OK", "OK", "OK", "transaction=1"));
        (await host.EventsAsync()).Select(happened => happened.Code).ShouldBe(["4", "4", "unreadable", "unreadable", "3", "3"]);
    }

    [Fact]
    public async Task A_card_that_was_not_accepted_is_no_entry_also_after_a_restart_of_the_server()
    {
        await using var host = await ZkHost.StartAsync();
        await host.GetAsync("/iclock/cdata?SN=ZKSIM0000001&options=all&pushver=2.4.1&DeviceType=pid");
        // It shakes hands when it starts; that the server did is nothing to it.
        await host.RestartAsync();

        await host.PostAsync(Attendance, "4711\t2026-01-05 08:00:00\t2\t1\t0\t0\t0\tID000001\t1");
        await host.GetAsync("/iclock/cdata?SN=ZKSIM0000001&options=all&pushver=2.4.1&DeviceType=att");
        await host.PostAsync(Attendance, "4711\t2026-01-05 08:00:09\t1\t15\t0\t0\t0\t1\t36.5");

        (await host.EventsAsync()).Select(happened => (happened.Kind, happened.Outcome)).ShouldBe([(DeviceEventKind.Access, DeviceEventOutcome.Denied), (DeviceEventKind.Attendance, DeviceEventOutcome.Granted)]);
    }

    [Fact]
    public async Task What_cannot_have_waited_tells_that_the_clock_is_wrong_and_the_clock_is_set()
    {
        await using var host = await ZkHost.StartAsync();
        var device = await host.AddAsync(ZkHost.Access, ZkDialect.Access);
        await host.Registry.ChangeAsync(device.Id, row => row.Cursor = """{"offsetMinutes":0,"offsetGivenAt":"2026-09-30T00:00:00+00:00","registryCode":"a","sessionId":"b"}""");

        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000002&table=rtlog", "time=2026-10-01 13:00:00\tpin=4711\tevent=3\tindex=21\tverifytype=15");
        var mended = await host.GetAsync("/iclock/getrequest?SN=ZKSIM0000002");
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000002&table=rtstate", "time=2026-10-01 11:00:00\tsensor=01\trelay=00\talarm=00");
        var notAgain = await host.GetAsync("/iclock/getrequest?SN=ZKSIM0000002");

        (await host.EventsAsync())[0].Detail.ShouldBe("""{"clockAheadS":"3600"}""");
        Text(mended).ShouldBe($"C:1:SET OPTIONS DateTime={MediaScore.DeviceStreams.ZkPush.Wire.ZkTime.Pack(new DateTime(2026, 10, 1, 12, 0, 0))}\n");
        Text(notAgain).ShouldBe("OK");
    }

    [Fact]
    public async Task A_terminal_of_another_tenant_of_the_same_numbers_is_another()
    {
        await using var host = await ZkHost.StartAsync();

        await host.PostAsync(Attendance, "4711\t2026-01-05 08:00:00\t0\t1\t0");
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000009&table=ATTLOG", "4711\t2026-01-05 08:00:00\t0\t1\t0");

        (await host.EventsAsync()).Select(happened => happened.DeviceId).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_watches_the_server_sees_what_terminals_do()
    {
        await using var host = await ZkHost.StartAsync();
        using var requests = new MetricCollector<long>(host.Server, "MediaScore.DeviceStreams", "mediascore.device.zk.requests");
        using var events = new MetricCollector<long>(host.Server, "MediaScore.DeviceStreams", "mediascore.device.zk.events");

        await host.PostAsync(Attendance, Lines(0, 3) + "no line");
        await host.PostAsync(Attendance, Lines(2, 2));
        await host.GetAsync("/iclock/ping?SN=!");
        host.Fails = true;
        await host.PostAsync(Attendance, Lines(9, 1));
        host.Fails = false;

        Last(requests).ShouldBe([("answered", 2), ("refused", 1), ("fault", 1)], ignoreOrder: true);
        // That a line could not be read is an event, too.
        Last(events).ShouldBe([("stored", 5), ("duplicate", 1), ("unreadable", 1), ("forgotten", 0)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_zone_that_is_set_right_later_makes_no_other_event_of_the_same()
    {
        await using var host = await ZkHost.StartAsync();
        const string Passage = "time=2026-01-05 08:00:00\tpin=4711\tevent=3\tindex=21\tverifytype=15";
        await host.PostAsync(Attendance, Lines(0, 2));
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000002&table=rtlog", Passage);

        foreach (var device in host.Registry.List())
            await host.Registry.ChangeAsync(device.Id, row => row.TimeZone = "Asia/Tokyo");
        await host.PostAsync(Attendance, Lines(0, 3));
        await host.PostAsync("/iclock/cdata?SN=ZKSIM0000002&table=rtlog", Passage);

        // Only what is new is read with the new zone.
        (await host.EventsAsync()).Select(happened => happened.OccurredAt.UtcDateTime.Hour).ShouldBe([8, 8, 8, 23]);
    }

    [Fact]
    public async Task The_outbox_has_each_event_once()
    {
        await using var host = await ZkHost.StartAsync();

        await host.PostAsync(Attendance, Lines(0, 10));
        await host.PostAsync(Attendance, Lines(5, 10));

        await using var context = host.CreateDbContext();
        context.Outbox.Count().ShouldBe(15);
    }

    private static List<(string Outcome, long Count)> Last(MetricCollector<long> collector)
    {
        collector.RecordObservableInstruments();
        return [.. collector.GetMeasurementSnapshot().Select(measured => ((string)measured.Tags["outcome"]!, measured.Value))];
    }

    /// <summary>Person number i at second i.</summary>
    private static string Lines(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(number =>
        $"{number}\t{new DateTime(2026, 1, 5, 8, 0, 0).AddSeconds(number):yyyy-MM-dd HH:mm:ss}\t255\t15\t0\t0\t0\t0\t0\t0\t\n"));

    private static Task<DeviceReply> PhotoAsync(ZkHost host, string header) =>
        PostAsync(host, "/iclock/cdata", "SN=ZKSIM0000001&table=ATTPHOTO&Stamp=9999", [.. Encoding.ASCII.GetBytes(header), 0xFF, 0xD8, 0xFF, 0xE0]);

    private static Task<DeviceReply> PostAsync(ZkHost host, string path, string query, byte[] body) =>
        host.Server.HandleAsync(new DeviceRequest("POST", path, query, new Dictionary<string, string>(), body, null), CancellationToken.None);

    private static string Text(DeviceReply reply)
    {
        reply.Status.ShouldBe(200);
        return Encoding.UTF8.GetString(reply.Body.Span);
    }
}
