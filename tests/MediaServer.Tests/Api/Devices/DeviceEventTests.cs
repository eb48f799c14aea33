using System.Globalization;
using System.Text;
using System.Text.Json;
using MediaScore.DeviceStreams.Registry;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Tests.Api.Devices;

public sealed class DeviceEventTests(DeviceServer shared) : IClassFixture<DeviceServer>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private int _number;

    private ConsoleCaller Console => shared.Console;

    [Fact]
    public async Task Events_are_found_by_every_filter_and_paged_by_their_ids()
    {
        const string Site = "found";
        await StoreAsync(Site, row => (row.DeviceId, row.PersonNumber, row.Outcome) = ("door-a", "1001", DeviceEventOutcome.Granted));
        await StoreAsync(Site, row => (row.DeviceId, row.PersonNumber, row.Outcome) = ("door-b", "1002", DeviceEventOutcome.Denied));
        await StoreAsync(Site, row => (row.Kind, row.OccurredAt) = (DeviceEventKind.Alarm, Noon.AddDays(1)));

        (await NumbersAsync(Site, "")).Count.ShouldBe(3);
        (await FindAsync(Site, "device=door-a")).Single().GetProperty("outcome").GetString().ShouldBe("granted");
        (await FindAsync(Site, "person=1002")).Single().GetProperty("deviceId").GetString().ShouldBe("door-b");
        (await FindAsync(Site, "kind=alarm")).Count.ShouldBe(1);
        (await FindAsync(Site, "outcome=denied&kind=access")).Count.ShouldBe(1);
        (await FindAsync(Site, "from=2026-11-27")).Single().GetProperty("kind").GetString().ShouldBe("alarm");
        (await FindAsync(Site, "to=2026-11-26")).Count.ShouldBe(2);
        var first = await Console.GetAsync($"events?tenant={Site}&count=2");
        var second = await Console.GetAsync($"events?tenant={Site}&count=2&before={first.GetProperty("next").GetInt64()}");
        first.GetProperty("events").GetArrayLength().ShouldBe(2);
        second.GetProperty("events").GetArrayLength().ShouldBe(1);
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        (await NumbersAsync("elsewhere", "")).ShouldBeEmpty("another tenant's events are its own");
    }

    [Fact]
    public async Task A_day_is_the_day_of_the_zone_that_is_asked_for()
    {
        const string Site = "days";
        // Half past midnight in Berlin, seven in the morning in Shanghai.
        await StoreAsync(Site, row => row.OccurredAt = new DateTimeOffset(2026, 11, 25, 23, 30, 0, TimeSpan.Zero));

        (await FindAsync(Site, "from=2026-11-26&to=2026-11-26")).Count.ShouldBe(1, "the server's own zone is Berlin");
        (await FindAsync(Site, "from=2026-11-26&to=2026-11-26&zone=UTC")).Count.ShouldBe(0);
        (await FindAsync(Site, "from=2026-11-26T07:00&to=2026-11-26T08:00&zone=Asia/Shanghai")).Count.ShouldBe(1);
        (await FindAsync(Site, "from=2026-11-25T23:30:00Z&to=2026-11-25T23:30:01Z")).Count.ShouldBe(1);
        (await FindAsync(Site, "from=2026-11-26T00:30:00%2B01:00")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_question_that_makes_no_sense_is_refused_with_all_that_is_wrong_with_it()
    {
        var (type, detail) = await Console.RefusedAsync(HttpMethod.Get, "events?kind=party&outcome=won&from=yesterday&to=9999-99-99&zone=../../etc/passwd&count=0&before=x", 400);

        type.ShouldBe("bad-request");
        foreach (var field in new[] { "kind must be", "outcome must be", "from must be", "to must be", "zone must be", "count must be", "before must be" })
            detail.ShouldContain(field);
        (await Console.RefusedAsync(HttpMethod.Get, "events?zone=/dev/zero", 400)).Detail.ShouldContain("zone");
        (await Console.RefusedAsync(HttpMethod.Get, "events?tenant=A%20B", 400)).Detail.ShouldContain("tenant");
    }

    [Fact]
    public async Task The_table_is_what_spreadsheets_read_and_nothing_in_it_is_a_formula()
    {
        const string Site = "table";
        await StoreAsync(Site, row =>
        {
            (row.DeviceId, row.PersonNumber, row.OccurredAt, row.Similarity, row.Liveness) = ("door-a", "1001", new DateTimeOffset(2026, 7, 1, 22, 30, 5, TimeSpan.Zero), -0.125, 0.9);
            (row.Door, row.Reason, row.Code, row.Method) = ("North, \"main\"", "=HYPERLINK(\"http://evil\")", "+1", "face");
            row.Detail = "{\"note\":\"line\\nbreak\"}";
        });
        await StoreAsync(Site, row => (row.Door, row.Reason, row.DeviceTime) = ("@SUM(A1)", "  -2+3", "two\r\nlines"));

        using var answer = await Console.AnswerAsync($"events.csv?tenant={Site}&zone=Europe/Berlin");
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8; header=present");
        answer.Content.Headers.ContentDisposition!.FileName!.ShouldStartWith("events-table-");
        bytes.AsSpan(0, 3).ToArray().ShouldBe([0xEF, 0xBB, 0xBF]);
        var text = Encoding.UTF8.GetString(bytes, 3, bytes.Length - 3);
        var rows = Parse(text);
        rows.Count.ShouldBe(3);
        rows.ShouldAllBe(row => row.Count == rows[0].Count);
        string Cell(int row, string column) => rows[row][rows[0].IndexOf(column)];
        // The latest stored first.
        Cell(2, "time").ShouldBe("2026-07-02 00:30:05");
        Cell(2, "time_zone").ShouldBe("Europe/Berlin");
        Cell(2, "time_utc").ShouldBe("2026-07-01T22:30:05.000Z");
        Cell(2, "similarity").ShouldBe("-0.125", "a number of the server's own stays a number");
        Cell(2, "door").ShouldBe("North, \"main\"");
        Cell(2, "reason").ShouldBe("'=HYPERLINK(\"http://evil\")");
        Cell(2, "code").ShouldBe("'+1");
        Cell(2, "outcome").ShouldBe("granted");
        Cell(1, "door").ShouldBe("'@SUM(A1)");
        Cell(1, "reason").ShouldBe("'  -2+3");
        Cell(1, "device_time").ShouldBe("two\r\nlines");
        text.ShouldEndWith("\r\n");
    }

    [Fact]
    public async Task What_ends_a_cell_in_another_country_begins_no_formula_either()
    {
        const string Site = "semicolons";
        await StoreAsync(Site, row => (row.Reason, row.Door, row.DeviceTime, row.Code, row.Direction) = ("well; =1+1", "a\t@SUM(A1)", "two\n-2;\"=3", "7; 8", "\t=1"));

        using var answer = await Console.AnswerAsync($"events.csv?tenant={Site}");
        var rows = Parse((await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimStart('\uFEFF'));

        string Cell(string column) => rows[1][rows[0].IndexOf(column)];
        Cell("reason").ShouldBe("well;' =1+1");
        Cell("door").ShouldBe("a\t'@SUM(A1)");
        Cell("device_time").ShouldBe("two\n'-2;'\"=3");
        Cell("code").ShouldBe("7; 8", "what is no formula stays as it was written");
        Cell("direction").ShouldBe("'\t'=1");
    }

    [Fact]
    public async Task A_table_of_many_events_has_each_of_them_once()
    {
        const string Site = "many";
        const int Count = 2_500;
        await shared.Server.Host.Devices.Journal.AppendAsync([.. Enumerable.Range(0, Count).Select(i => Row(Site, $"many/{i}"))], TestContext.Current.CancellationToken);

        using var answer = await Console.AnswerAsync($"events.csv?tenant={Site}");
        var rows = Parse((await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimStart('\uFEFF'));

        rows.Skip(1).Select(row => row[0]).Distinct().Count().ShouldBe(Count);
        rows.Count.ShouldBe(Count + 1);
    }

    [Fact]
    public async Task What_is_stored_is_heard_at_once_by_those_who_look_at_its_tenant()
    {
        const string Site = "live";
        var device = await shared.Server.Host.Devices.Registry.AddAsync(
            new DeviceRow { Id = DeviceRegistry.NewId(), Tenant = Site, Protocol = DeviceProtocol.Grpc, Serial = "LIVE-1", Name = "Front door", State = DeviceState.Approved });
        await using var stream = await Console.ListenAsync($"events/stream?tenant={Site}");

        await StoreAsync("somebody-else", _ => { });
        await StoreAsync(Site, row => (row.DeviceId, row.Similarity, row.Detail) = (device.Id, 0.71, "{\"latencyMs\":42.5}"));
        var heard = await stream.UntilAsync("events");

        heard.GetProperty("lost").GetInt64().ShouldBe(0);
        var line = heard.GetProperty("events").EnumerateArray().Single();
        line.GetProperty("tenant").GetString().ShouldBe(Site);
        line.GetProperty("device").GetString().ShouldBe("Front door");
        line.GetProperty("similarity").GetDouble().ShouldBe(0.71);
        line.GetProperty("latencyMs").GetDouble().ShouldBe(42.5);
        line.GetProperty("picture").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Whoever_cannot_keep_up_gets_the_latest_and_is_told_how_many_are_missing()
    {
        const string Site = "flood";
        const int Count = 2_000;
        await using var stream = await Console.ListenAsync($"events/stream?tenant={Site}");

        await shared.Server.Host.Devices.Journal.AppendAsync([.. Enumerable.Range(0, Count).Select(i => Row(Site, $"flood/{i}"))], TestContext.Current.CancellationToken);
        var (lost, ids) = (0L, new List<long>());
        while (lost + ids.Count < Count)
        {
            var heard = await stream.UntilAsync("events");
            lost += heard.GetProperty("lost").GetInt64();
            ids.AddRange(heard.GetProperty("events").EnumerateArray().Select(line => line.GetProperty("id").GetInt64()));
        }

        (lost + ids.Count).ShouldBe(Count);
        lost.ShouldBeGreaterThan(0);
        ids.ShouldBe(ids.Order());
        ids[^1].ShouldBe((await NumbersAsync(Site, "&count=1")).Single(), "the latest is among them");
    }

    [Fact]
    public async Task A_picture_of_an_event_is_shown_to_the_console_and_under_no_other_tenant()
    {
        const string Site = "pictures";
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 9, 8, 7];
        var name = (await shared.Server.Host.Devices.Pictures.KeepAsync(Site, "dev-1", "event/1", jpeg, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        await StoreAsync(Site, row => row.Picture = name);

        var path = (await FindAsync(Site, "")).Single().GetProperty("picture").GetString()!["/console/api/".Length..];
        using var picture = await Console.AnswerAsync(path);

        (await picture.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(jpeg);
        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/jpeg");
        picture.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await Console.RefusedAsync(HttpMethod.Get, $"pictures/other/{name}", 404)).Type.ShouldBe("picture-not-found");
        (await Console.RefusedAsync(HttpMethod.Get, $"pictures/{Site}/..%2F..%2Fconsole-token", 404)).Type.ShouldBe("picture-not-found");
    }

    /// <summary>RFC 4180, read strictly.</summary>
    private static List<List<string>> Parse(string text)
    {
        var (rows, row, cell) = (new List<List<string>>(), new List<string>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                for (i++; text[i] != '"' || (i + 1 < text.Length && text[i + 1] == '"'); i++)
                {
                    cell.Append(text[i]);
                    i += text[i] == '"' ? 1 : 0;
                }
            }
            else if (text[i] == ',')
            {
                row.Add(cell.ToString());
                cell.Clear();
            }
            else if (text[i] == '\r' && text[i + 1] == '\n')
            {
                i++;
                row.Add(cell.ToString());
                cell.Clear();
                rows.Add(row);
                row = [];
            }
            else
            {
                cell.Append(text[i]);
            }
        }

        row.ShouldBeEmpty();
        return rows;
    }

    private static DeviceEventRow Row(string tenant, string key) => new()
    {
        Tenant = tenant,
        DeviceId = "door-x",
        DeduplicationKey = key,
        Kind = DeviceEventKind.Access,
        Outcome = DeviceEventOutcome.Granted,
        OccurredAt = Noon,
    };

    private Task StoreAsync(string tenant, Action<DeviceEventRow> change)
    {
        var row = Row(tenant, string.Create(CultureInfo.InvariantCulture, $"{tenant}/{++_number}"));
        change(row);
        return shared.Server.Host.Devices.Journal.AppendAsync([row], TestContext.Current.CancellationToken);
    }

    private async Task<List<JsonElement>> FindAsync(string tenant, string filter) =>
        [.. (await Console.GetAsync($"events?tenant={tenant}&{filter}")).GetProperty("events").EnumerateArray()];

    private async Task<List<long>> NumbersAsync(string tenant, string filter) => [.. (await FindAsync(tenant, filter.TrimStart('&'))).Select(line => line.GetProperty("id").GetInt64())];
}
