using System.Text;
using System.Text.Json;
using MediaScore.DeviceStreams.Events;
using MediaScore.DeviceStreams.Http.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Events;

public sealed class EventReaderTests
{
    private static readonly DateTimeOffset Arrival = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Everything_that_a_device_may_say_of_an_event_is_stored()
    {
        // Through the record that the API's document is made of: a field that one of them forgets shows here.
        var told = new ReportedEvent
        {
            Id = "e-1",
            At = JsonSerializer.SerializeToElement("2026-11-26T08:30:00+08:00"),
            Kind = "access",
            Outcome = "denied",
            Person = "1001",
            Method = "card+face",
            Direction = "out",
            Door = "LOBBY",
            Code = "17",
            Reason = "expired",
            Badge = "B-7",
            Reader = "R-1",
            RssiDbm = -61.5,
            BatteryPercent = 87,
            Detail = JsonSerializer.SerializeToElement(new { zone = "east" }),
        };

        var row = Rows(JsonSerializer.Serialize(told, JsonSerializerOptions.Web)).ShouldHaveSingleItem();

        (row.DeduplicationKey, row.Kind, row.Outcome, row.PersonNumber).ShouldBe(("id/e-1", DeviceEventKind.Access, DeviceEventOutcome.Denied, "1001"));
        (row.Method, row.Direction, row.Door, row.Code, row.Reason).ShouldBe(("card+face", "out", "LOBBY", "17", "expired"));
        row.OccurredAt.ShouldBe(new DateTimeOffset(2026, 11, 26, 0, 30, 0, TimeSpan.Zero));
        row.DeviceTime.ShouldBe("2026-11-26T08:30:00+08:00");
        row.Detail.ShouldBe("""{"badge":"B-7","reader":"R-1","rssiDbm":-61.5,"batteryPercent":87,"detail":{"zone":"east"}}""");
        row.ShouldFitItsColumns();
    }

    [Fact]
    public void A_badge_that_was_seen_is_one_event_at_its_reader()
    {
        var row = Rows("""{"seq":5,"boot":"a1","at":"2026-11-26T08:30:00Z","badge":"04A2","reader":"GATE-2","direction":"in"}""", EventWords.Seen).ShouldHaveSingleItem();

        (row.Kind, row.Method, row.Code, row.Door, row.Direction).ShouldBe((DeviceEventKind.Sensor, "badge", "04A2", "GATE-2", "in"));
        row.DeduplicationKey.ShouldBe("seq/a1/5/2026-11-26T08:30:00Z");
        row.PersonNumber.ShouldBeNull();
    }

    [Fact]
    public void Values_that_were_measured_together_are_a_row_each_and_none_is_another()
    {
        var rows = Rows("""{"id":"r1","readings":[{"name":"temperature","value":21.4,"unit":"Cel"},{"name":"door open","value":true}]}""", EventWords.Reading);

        rows.Select(row => (row.DeduplicationKey, row.Code)).ShouldBe([("id/r1/0", "temperature"), ("id/r1/1", "door open")]);
        rows.Select(row => row.Detail).ShouldBe(["""{"name":"temperature","value":21.4,"unit":"Cel"}""", """{"name":"door open","value":1}"""]);
        rows.ShouldAllBe(row => row.Kind == DeviceEventKind.Sensor && row.OccurredAt == Arrival);
    }

    [Fact]
    public void One_value_may_stand_in_the_message_itself() =>
        Rows("""{"id":"r2","name":"humidity","value":40,"unit":"%"}""", EventWords.Reading).ShouldHaveSingleItem().DeduplicationKey.ShouldBe("id/r2");

    [Fact]
    public void A_button_and_a_battery_need_no_more_than_their_kind()
    {
        var button = Rows("""{"id":"1","kind":"button"}""").ShouldHaveSingleItem();
        var battery = Rows("""{"id":"2","kind":"battery","batteryPercent":9}""").ShouldHaveSingleItem();

        (button.Kind, button.Method).ShouldBe((DeviceEventKind.Device, "button"));
        (battery.Code, battery.Detail).ShouldBe(("battery", """{"batteryPercent":9}"""));
    }

    [Fact]
    public void The_same_bytes_have_the_same_key_and_another_event_has_another()
    {
        static string Key(string json) => Rows(json).Single().DeduplicationKey;

        Key("""{"kind":"door","at":1764146400000,"code":"open"}""").ShouldBe(Key("""{"kind":"door","at":1764146400000,"code":"open"}"""));
        Key("""{"kind":"door","at":1764146400000,"code":"open"}""").ShouldNotBe(Key("""{"kind":"door","at":1764146400000,"code":"shut"}"""));
        // A device that begins again at one after its reset.
        Key("""{"kind":"door","seq":1,"at":"2026-11-26T08:30:00Z"}""").ShouldNotBe(Key("""{"kind":"door","seq":1,"at":"2026-11-27T08:30:00Z"}"""));
        Key("""{"kind":"door","seq":1,"boot":"a"}""").ShouldNotBe(Key("""{"kind":"door","seq":1,"boot":"b"}"""));
    }

    [Theory]
    [InlineData("\"2026-11-26T08:30:00.123456789Z\"", "2026-11-26T08:30:00.1234567+00:00")]
    [InlineData("\"2026-11-26T08:30:00\"", "2026-11-26T00:30:00.0000000+00:00")]
    [InlineData("1764146400123", "2025-11-26T08:40:00.1230000+00:00")]
    [InlineData("\"1969-07-20T20:17:00Z\"", "2026-11-26T12:00:00.0000000+00:00")]
    [InlineData("\"9999-12-31T23:59:59Z\"", "2026-11-26T12:00:00.0000000+00:00")]
    [InlineData("9223372036854775807", "2026-11-26T12:00:00.0000000+00:00")]
    public void A_time_is_taken_in_the_devices_zone_and_one_that_cannot_be_is_the_arrivals(string at, string expected)
    {
        var row = Rows($$"""{"kind":"door","id":"1","at":{{at}}}""", zone: "Asia/Shanghai").Single();

        row.OccurredAt.ToUniversalTime().ToString("O").ShouldBe(expected);
        row.DeviceTime.ShouldBe(at.Trim('"'));
    }

    [Theory]
    [InlineData("""[]""", "no JSON object")]
    [InlineData("""{"id":"1"}""", "kind is missing")]
    [InlineData("""{"id":"1","kind":"party"}""", "kind is none of access, attendance")]
    [InlineData("""{"kind":"door"}""", "id, seq and at are all missing")]
    [InlineData("""{"kind":"door","id":"has space"}""", "id has characters")]
    [InlineData("""{"kind":"door","id":"12345678901234567890123456789012345678901234567890123456789012345"}""", "id has 65 characters; at most 64")]
    [InlineData("""{"kind":"door","seq":-1}""", "seq is no whole number")]
    [InlineData("""{"kind":"door","seq":1.5}""", "seq is no whole number")]
    [InlineData("""{"kind":"door","seq":9223372036854775808}""", "seq is no whole number")]
    [InlineData("""{"kind":"door","id":"1","at":"yesterday"}""", "at is no time")]
    [InlineData("""{"kind":"door","id":"1","at":1.5}""", "at is no whole number of milliseconds")]
    [InlineData("""{"kind":"access","id":"1","outcome":"maybe"}""", "outcome is none of none, granted")]
    [InlineData("""{"kind":"access","id":"1","direction":"up"}""", "direction is none of in, out")]
    [InlineData("""{"kind":"access","id":"1","person":5}""", "person is no text")]
    [InlineData("""{"kind":"access","id":"1","person":"a\nb"}""", "person has control characters")]
    [InlineData("""{"kind":"access","id":"1","person":"\ud800"}""", "person is no text")]
    [InlineData("""{"kind":"access","id":"1","\ud800":1}""", "field is no Unicode")]
    [InlineData("""{"kind":"seen","id":"1"}""", "badge is missing")]
    [InlineData("""{"kind":"seen","id":"1","badge":"b","rssiDbm":-201}""", "rssiDbm is no number from -200 to 50")]
    [InlineData("""{"kind":"seen","id":"1","badge":"b","batteryPercent":101}""", "batteryPercent is no number from 0 to 100")]
    [InlineData("""{"kind":"reading","id":"1"}""", "a reading has a name and a value")]
    [InlineData("""{"kind":"reading","id":"1","name":"t","value":1e999}""", "value is no number")]
    [InlineData("""{"kind":"reading","id":"1","readings":[]}""", "readings is no list of 1 to 16")]
    [InlineData("""{"kind":"reading","id":"1","readings":[{"name":"a","value":1},{"name":"b"}]}""", "readings[1]: a reading has")]
    [InlineData("""{"kind":"door","id":"1","detail":[1]}""", "detail is no JSON object")]
    public void What_is_wrong_is_named(string json, string fault)
    {
        using var document = JsonDocument.Parse(json);

        EventReader.Read(document.RootElement, null, out var said).ShouldBeNull();

        said.ShouldNotBeNull().ShouldContain(fault);
    }

    [Fact]
    public void The_longest_event_that_is_taken_fits_its_row()
    {
        var name = new string('"', 64);
        var json = JsonSerializer.Serialize(new
        {
            seq = long.MaxValue,
            boot = new string('b', 32),
            at = "2026-11-26T08:30:00.1234567+08:00",
            kind = "reading",
            badge = new string('"', 64),
            reader = name,
            rssiDbm = -199.99999999999997,
            batteryPercent = 99.99999999999999,
            readings = Enumerable.Repeat(new { name, value = -1.7976931348623157E+308, unit = new string('"', 16) }, 16),
            detail = new { text = new string('x', EventDetail.MaxOwnLength - 12) },
            reason = new string('r', 256),
        });

        var rows = Rows(json);

        rows.Count.ShouldBe(16);
        rows.ShouldAllBe(row => row.Detail!.Length > EventDetail.MaxOwnLength);
        foreach (var row in rows)
            row.ShouldFitItsColumns();
    }

    [Theory]
    [InlineData("{", "it is no JSON of at most 8 levels: line 1, byte 2")]
    [InlineData("[[[[[[[[[1]]]]]]]]]", "it is no JSON")]
    public void Bytes_that_are_no_JSON_are_refused_with_the_place(string text, string fault)
    {
        DeviceJson.TryOpen(Encoding.UTF8.GetBytes(text), out _, out var said).ShouldBeFalse();

        said.ShouldStartWith(fault);
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused()
    {
        DeviceJson.TryOpen(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' }, out _, out var said).ShouldBeFalse();

        said.ShouldBe("it is not UTF-8");
    }

    private static List<DeviceEventRow> Rows(string json, string? kind = null, string zone = "UTC")
    {
        using var document = JsonDocument.Parse(json);
        var draft = EventReader.Read(document.RootElement, kind, out var fault);
        fault.ShouldBeNull();
        var row = new DeviceRow { Id = "dev-1", Tenant = "default", Serial = "S-1", TimeZone = zone };
        return [.. draft!.ToRows(new Device(row, TimeProvider.System), new DeviceOptions(), Arrival)];
    }
}
