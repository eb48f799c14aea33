using System.Text;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Isapi;

public sealed class EventMapperTests
{
    [Theory]
    [InlineData(5, 75, DeviceEventKind.Access, DeviceEventOutcome.Granted, "face")]
    [InlineData(5, 76, DeviceEventKind.Access, DeviceEventOutcome.Denied, "face")]
    [InlineData(5, 80, DeviceEventKind.Access, DeviceEventOutcome.NotRecognised, "face")]
    [InlineData(5, 104, DeviceEventKind.Access, DeviceEventOutcome.Spoof, "face")]
    [InlineData(5, 1, DeviceEventKind.Access, DeviceEventOutcome.Granted, "card")]
    [InlineData(5, 9, DeviceEventKind.Access, DeviceEventOutcome.NotRecognised, "card")]
    [InlineData(5, 62, DeviceEventKind.Access, DeviceEventOutcome.TimedOut, "face+card")]
    [InlineData(5, 33, DeviceEventKind.Access, DeviceEventOutcome.NotAssessed, "")]
    [InlineData(5, 113, DeviceEventKind.Access, DeviceEventOutcome.Denied, "")]
    [InlineData(5, 21, DeviceEventKind.Door, DeviceEventOutcome.None, "")]
    [InlineData(5, 23, DeviceEventKind.Door, DeviceEventOutcome.None, "button")]
    [InlineData(5, 24, DeviceEventKind.Door, DeviceEventOutcome.None, "button")]
    [InlineData(5, 27, DeviceEventKind.Alarm, DeviceEventOutcome.None, "")]
    [InlineData(1, 1024, DeviceEventKind.Alarm, DeviceEventOutcome.None, "")]
    [InlineData(2, 1024, DeviceEventKind.Device, DeviceEventOutcome.None, "")]
    [InlineData(3, 1024, DeviceEventKind.Door, DeviceEventOutcome.None, "")]
    [InlineData(2, 1064, DeviceEventKind.Alarm, DeviceEventOutcome.None, "")]
    [InlineData(5, 9999, DeviceEventKind.Device, DeviceEventOutcome.None, "")]
    public void A_pair_of_numbers_is_what_the_maker_means_by_it(int major, int sub, DeviceEventKind kind, DeviceEventOutcome outcome, string method)
    {
        var row = Map($$$"""{"dateTime":"2026-11-02T08:15:04+04:00","AccessControllerEvent":{"majorEventType":{{{major}}},"subEventType":"{{{sub}}}","serialNo":7,"employeeNoString":"25"}}""");

        (row.Kind, row.Outcome, row.Method, row.Code).ShouldBe((kind, outcome, method, $"{major}.{sub}"));
        row.Reason.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_face_that_was_refused_with_nobodys_number_was_not_recognised()
    {
        Map("""{"majorEventType":5,"subEventType":76,"serialNo":7,"employeeNoString":"0"}""").Outcome.ShouldBe(DeviceEventOutcome.NotRecognised);
    }

    [Theory]
    [InlineData("checkIn", 2, DeviceEventKind.Attendance, "in")]
    [InlineData("breakOut", 1, DeviceEventKind.Attendance, "out")]
    [InlineData("overTimeOut", 1, DeviceEventKind.Attendance, "out")]
    [InlineData("undefined", 1, DeviceEventKind.Access, "in")]
    [InlineData("undefined", 2, DeviceEventKind.Access, "out")]
    [InlineData("", 0, DeviceEventKind.Access, "")]
    public void What_the_person_chose_is_the_direction_and_else_the_reader(string status, int reader, DeviceEventKind kind, string direction)
    {
        var row = Map($$$"""{"majorEventType":5,"subEventType":75,"serialNo":7,"employeeNoString":"25","attendanceStatus":"{{{status}}}","cardReaderNo":{{{reader}}}}""");

        (row.Kind, row.Direction).ShouldBe((kind, direction));
    }

    [Fact]
    public void The_key_is_the_same_on_every_way_and_with_another_zone_and_another_after_the_log_was_cleared()
    {
        var stream = Map("""{"dateTime":"2026-11-02T08:15:04+04:00","AccessControllerEvent":{"majorEventType":5,"subEventType":75,"serialNo":2000,"currentEvent":true}}""");
        var corrected = Map("""{"dateTime":"2026-11-02T08:15:04-04:00","AccessControllerEvent":{"majorEventType":5,"subEventType":75,"serialNo":2000,"currentEvent":false}}""");
        var log = EventMapper.ToRow(
            EventReader.ReadItem(IsapiBody.TryRead("""{"major":5,"minor":75,"time":"2026-11-02T08:15:04","serialNo":"2000","name":"Ada"}"""u8, out _)!), IsapiFixture.Device(), TimeZoneInfo.Utc, EventSource.Log, default);
        var cleared = Map("""{"dateTime":"2027-01-02T08:15:04+04:00","AccessControllerEvent":{"majorEventType":5,"subEventType":75,"serialNo":2000}}""");

        stream.DeduplicationKey.ShouldBe("2000/20261102T081504");
        corrected.DeduplicationKey.ShouldBe(stream.DeduplicationKey);
        log.DeduplicationKey.ShouldBe(stream.DeduplicationKey);
        cleared.DeduplicationKey.ShouldNotBe(stream.DeduplicationKey);
    }

    [Fact]
    public void Without_a_serial_the_key_is_a_hash_of_what_was_said()
    {
        const string Event = """{"dateTime":"2026-11-02T08:15:04+04:00","majorEventType":5,"subEventType":75,"employeeNoString":"25"}""";

        Map(Event).DeduplicationKey.ShouldMatch("^h:[0-9a-f]{32}$");
        Map(Event).DeduplicationKey.ShouldBe(Map(Event).DeduplicationKey);
        Map(Event.Replace("25", "26", StringComparison.Ordinal)).DeduplicationKey.ShouldNotBe(Map(Event).DeduplicationKey);
    }

    [Fact]
    public void A_question_and_the_event_that_follows_it_are_two()
    {
        const string Event = """{"dateTime":"2026-11-02T08:15:04+04:00","majorEventType":5,"subEventType":75,"serialNo":9,"employeeNoString":"25","remoteCheck":"true"}""";

        Map(Event).DeduplicationKey.ShouldBe("9/20261102T081504/q");
        Map(Event).Outcome.ShouldBe(DeviceEventOutcome.NotAssessed);
    }

    [Fact]
    public void A_time_that_cannot_be_read_is_the_one_at_which_it_came_and_it_says_so()
    {
        var now = new DateTimeOffset(2026, 11, 2, 4, 15, 5, TimeSpan.Zero);
        var row = EventMapper.ToRow(Read("""{"dateTime":"soon","majorEventType":5,"subEventType":21,"serialNo":9}"""), IsapiFixture.Device(), TimeZoneInfo.Utc, EventSource.Push, now);

        row.OccurredAt.ShouldBe(now);
        row.DeviceTime.ShouldBe("soon");
        row.Reason.ShouldContain("time could not be read");
    }

    [Fact]
    public void Names_of_people_are_in_no_detail_and_what_else_was_said_is()
    {
        var row = Map("""{"dateTime":"2026-11-02T08:15:04+04:00","AccessControllerEvent":{"majorEventType":5,"subEventType":75,"serialNo":9,"employeeNoString":"25","name":"Ada Example","currTemperature":36.4,"mask":"no","label":"","newThing":"x"}}""");

        row.Detail.ShouldNotBeNull().ShouldNotContain("Ada");
        row.Detail.ShouldBe("""{"source":"push","serialNo":"9","currTemperature":"36.4","mask":"no","newThing":"x"}""");
    }

    [Fact]
    public void Every_column_takes_what_the_longest_event_says()
    {
        // 3 MiB, below the bound of one body.
        var text = string.Concat(Enumerable.Repeat("\\\"é<", 1_200));
        var members = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"m{i}{new string('n', 100)}\":\"{text}\""));
        var row = Map($$$"""{"dateTime":"{{{text}}}","eventType":"{{{text}}}","AccessControllerEvent":{"majorEventType":5,"subEventType":75,"serialNo":9,"employeeNoString":"{{{text}}}","doorNo":900,{{{members}}}}}""", door: new string('d', 64));

        row.DeduplicationKey.Length.ShouldBeLessThanOrEqualTo(128);
        row.PersonNumber!.Length.ShouldBeLessThanOrEqualTo(64);
        row.DeviceTime.Length.ShouldBeLessThanOrEqualTo(40);
        row.Door.Length.ShouldBeLessThanOrEqualTo(64);
        row.Detail!.Length.ShouldBeLessThanOrEqualTo(4_096);
        row.Reason.Length.ShouldBeLessThanOrEqualTo(256);
    }

    [Theory]
    [InlineData("", 1, "1")]
    [InlineData("", 0, "")]
    [InlineData("LOBBY", 0, "LOBBY")]
    [InlineData("LOBBY", 1, "LOBBY")]
    [InlineData("LOBBY", 2, "LOBBY/2")]
    public void The_first_door_is_the_one_that_the_device_is_named_after(string name, int door, string expected) =>
        Map($$$"""{"majorEventType":5,"subEventType":21,"serialNo":9,"doorNo":{{{door}}}}""", name).Door.ShouldBe(expected);

    [Fact]
    public void Whatever_a_terminal_lists_as_its_events_is_explained_but_for_three_numbers_that_nobody_explains()
    {
        // In the order of a published list of a terminal's own (AcsEvent capabilities, minorEvent).
        int[] listed =
        [
            1, .. Run(6, 28), .. Run(31, 39), 49, 75, 76, 80, 104, 116, 117, 130, 132, 142, 151, 152, 155, 164, 193, 208, .. Run(2, 5), .. Run(40, 48), .. Run(54, 68), 153, 154, 168, 51, 162, 169, 119, 163, 170, 181,
            189, 156, 157, 217,
        ];

        listed.Where(sub => EventCodeTable.Find(5, sub) is null).ShouldBe([208, 189, 217]);

        static IEnumerable<int> Run(int first, int last) => Enumerable.Range(first, last - first + 1);
    }

    [Fact]
    public void Every_number_of_the_table_has_a_meaning_and_words_and_those_that_are_the_sites_own_are_runs_of_64()
    {
        var codes = new List<(int Major, int Sub, EventCode Code)>();
        for (var major = 0; major < 8; major++)
        {
            for (var sub = 0; sub < 3_000; sub++)
            {
                if (EventCodeTable.Find(major, sub) is { } code)
                    codes.Add((major, sub, code));
            }
        }

        codes.ShouldAllBe(entry => entry.Code.Words.Length > 0 && entry.Code.Meaning != EventMeaning.Unknown);
        codes.Where(entry => entry.Code.Words.EndsWith("of the site's own", StringComparison.Ordinal)).GroupBy(entry => entry.Major).Select(own => (own.Key, own.Min(entry => entry.Sub), own.Count()))
            .ShouldBe([(1, 2_304, 64), (2, 2_304, 64), (3, 2_304, 64), (5, 1_280, 64)]);
        codes.Where(entry => entry.Code.Meaning == EventMeaning.Heartbeat).Select(entry => (entry.Major, entry.Sub)).ShouldBe([(5, 131)]);
    }

    private static DeviceEventRow Map(string json, string door = "") => EventMapper.ToRow(Read(json), IsapiFixture.Device(door), TimeZoneInfo.Utc, EventSource.Push, DateTimeOffset.UnixEpoch);

    private static IsapiEvent Read(string json) => EventReader.Read(Encoding.UTF8.GetBytes(json)).Events.ShouldHaveSingleItem();
}
