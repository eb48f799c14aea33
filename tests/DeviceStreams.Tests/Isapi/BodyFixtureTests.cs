using System.Globalization;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Pull;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>Every body of the tables gives what its row says.</summary>
public sealed class BodyFixtureTests
{
    public static TheoryData<string, string, string, int, int, string> Events()
    {
        var rows = new TheoryData<string, string, string, int, int, string>();
        foreach (var row in IsapiFixture.Table("events.tsv"))
            rows.Add(row[0], row[1], row[2], int.Parse(row[3], CultureInfo.InvariantCulture), int.Parse(row[4], CultureInfo.InvariantCulture), row[5]);
        return rows;
    }

    public static TheoryData<string, string, int, string> Pages()
    {
        var rows = new TheoryData<string, string, int, string>();
        foreach (var row in IsapiFixture.Table("pages.tsv"))
            rows.Add(row[0], row[1], int.Parse(row[2], CultureInfo.InvariantCulture), row[3]);
        return rows;
    }

    public static TheoryData<string, int, string, int, string> Replies()
    {
        var rows = new TheoryData<string, int, string, int, string>();
        foreach (var row in IsapiFixture.Table("replies.tsv"))
            rows.Add(row[0], int.Parse(row[1], CultureInfo.InvariantCulture), row[2], int.Parse(row[3], CultureInfo.InvariantCulture), row[4]);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void A_posted_body_gives_its_events_pictures_and_faults(string file, string contentType, string letters, int heartbeats, int unreadable, string pictures)
    {
        var body = PushBody.Read(contentType, IsapiFixture.Read(file));

        IsapiFixture.LettersOf(body.Events.Select(pushed => pushed.Event)).ShouldBe(letters);
        body.HasHeartbeat.ShouldBe(heartbeats > 0);
        body.UnreadableCount.ShouldBe(unreadable);
        string.Join(',', body.Events.Where(pushed => pushed.Picture is not null).Select(pushed => pushed.Picture!.Length)).ShouldBe(pictures);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public async Task A_stream_gives_the_same_in_whatever_pieces_it_comes(string file, string contentType, string letters, int heartbeats, int unreadable, string pictures)
    {
        // What only a post can be: nothing at all, or a form.
        Assert.SkipWhen(file is "push-empty.txt" or "push-form.txt" or "not-xml.txt", "Not the form of a stream.");
        var bytes = IsapiFixture.Read(file);
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var (events, sizes, counts) = (new List<IsapiEvent>(), new List<int>(), new IsapiCounts());
            await using var stream = new PieceStream(bytes, seed);
            var reader = new AlertStreamReader(stream, contentType, new IsapiOptions(), TimeProvider.System, counts, () => { }, (happened, images, _) =>
            {
                events.Add(happened);
                sizes.AddRange(images.Select(image => image.Length));
                return ValueTask.CompletedTask;
            });

            await reader.RunAsync(CancellationToken.None);

            IsapiFixture.LettersOf(events).ShouldBe(letters);
            counts.Heartbeats.ShouldBe(heartbeats);
            (counts.CutParts + counts.Unreadable).ShouldBe(unreadable);
            // A picture that nobody announced is only waited for while it comes.
            if (events.Any(happened => happened.PictureCount > 0) || seed == 0)
                string.Join(',', sizes).ShouldBe(pictures);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_of_the_log_gives_its_events_by_serial_and_says_whether_there_is_more(string file, string letters, int received, string more)
    {
        var page = AcsEventPage.TryRead(new IsapiReply(200, IsapiFixture.Read(file))).ShouldNotBeNull();

        IsapiFixture.LettersOf(page.Events).ShouldBe(letters);
        page.ReceivedCount.ShouldBe(received);
        page.HasMore.ShouldBe(more == "more");
        page.Events.Select(happened => happened.Serial ?? long.MaxValue).ShouldBeInOrder();
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_is_judged_by_its_body_as_much_as_by_its_status(string file, int status, string isOk, int code, string subCode)
    {
        var judged = new IsapiReply(status, IsapiFixture.Read(file)).Judge();

        judged.IsOk.ShouldBe(isOk == "yes");
        judged.Code.ShouldBe(code);
        judged.SubCode.ShouldBe(subCode);
        judged.Words.ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_file_is_in_a_table_or_named_by_a_test_of_its_own()
    {
        string[] named =
        [
            "acs-event-capabilities.json", "call-status.json", "device-info.xml", "http-hosts-cloud.xml", "http-hosts-single.xml", "http-hosts-three.xml", "http-hosts-two.xml", "locked-guide.xml",
            "locked-prolog.xml", "locked-terminal.xml", "old-nonce.xml", "unlocked-tries-left.xml", "userinfo-none.json", "userinfo-one.json", "userinfo-search.json", "work-status-126.json", "work-status.json",
        ];
        var listed = new[] { "events.tsv", "pages.tsv", "replies.tsv" }.SelectMany(IsapiFixture.Table).Select(row => row[0]);

        IsapiFixture.Names().Except(listed).Order(StringComparer.Ordinal).ShouldBe(named);
    }

    [Fact]
    public void The_log_that_a_stream_begins_with_is_of_the_past_and_raises_no_alarm()
    {
        var events = PushBody.Read("multipart/mixed; boundary=MIME_boundary", IsapiFixture.Read("stream-log-wrong-lengths.txt")).Events.Select(pushed => pushed.Event).ToList();

        events.Count.ShouldBe(25);
        events.ShouldAllBe(happened => happened.IsCurrent == false);
        events.Select(happened => happened.Serial).ShouldBe(Enumerable.Range(1, 25).Select(serial => (long?)serial));
        events.Select(happened => happened.FrontSerial).ShouldBe(Enumerable.Range(0, 25).Select(serial => (long?)serial));
        var rows = events.ConvertAll(happened => EventMapper.ToRow(happened, IsapiFixture.Device(), TimeZoneInfo.Utc, EventSource.Replay, DateTimeOffset.UnixEpoch));
        rows.ShouldNotContain(row => row.Kind == DeviceEventKind.Alarm);
        rows[17].PersonNumber.ShouldBe("000417");
        rows[17].Method.ShouldBe("face");
        rows[15].OccurredAt.ShouldBe(new DateTimeOffset(2026, 6, 22, 0, 35, 56, TimeSpan.Zero));
        rows.Select(row => row.DeduplicationKey).ShouldBeUnique();
    }

    [Fact]
    public void A_face_of_the_log_has_person_picture_and_key_and_a_door_has_no_person()
    {
        var page = AcsEventPage.TryRead(new IsapiReply(200, IsapiFixture.Read("acs-event-page.json")))!;
        var rows = page.Events.Select(happened => EventMapper.ToRow(happened, IsapiFixture.Device(), TimeZoneInfo.Utc, EventSource.Log, DateTimeOffset.UnixEpoch)).ToList();

        var face = rows[1];
        (face.Outcome, face.PersonNumber, face.Method, face.Code, face.Door).ShouldBe((DeviceEventOutcome.Granted, "000417", "face", "5.75", "1"));
        face.DeduplicationKey.ShouldStartWith("19354/");
        face.Detail.ShouldNotBeNull().ShouldContain("@WEB000000000011");
        (rows[0].Outcome, rows[0].PersonNumber, rows[0].Kind).ShouldBe((DeviceEventOutcome.None, null, DeviceEventKind.Door));
        rows.Select(row => row.DeduplicationKey).ShouldBeUnique();
    }

    [Fact]
    public void People_settings_and_states_are_read_whether_they_are_lists_or_one()
    {
        Root("userinfo-search.json")["UserInfoSearch"]!.All("UserInfo").Select(user => user.TextOf("employeeNo")).ShouldBe(["000417", "8", "9", "10", "11"]);
        Root("userinfo-one.json")["UserInfoSearch"]!.All("UserInfo").ShouldHaveSingleItem().TextOf("name").ShouldBe("CÁrla Minta");
        Root("userinfo-none.json")["UserInfoSearch"]!.All("UserInfo").ShouldBeEmpty();
        var limits = Root("acs-event-capabilities.json")["AcsEvent"]!["AcsEventCond"]!;
        limits["maxResults"]!.NumberOf("@max").ShouldBe(24);
        limits["beginSerialNo"].ShouldNotBeNull();
        limits.TextOf("picEnable").ShouldBe("true,false");
        Root("work-status.json")["AcsWorkStatus"]!.NumberOf("doorStatus").ShouldBe(4);
        Root("work-status-126.json")["AcsWorkStatus"]!.All("doorLockStatus").ElementAt(1).Text.ShouldBe("1");
        Root("call-status.json")["CallStatus"]!.TextOf("status").ShouldBe("idle");
        Root("device-info.xml")["DeviceInfo"]!.TextOf("serialNumber").ShouldBe("DS-K1T000MWX20260101V031601ENX01234567");
    }

    [Fact]
    public void Only_a_lock_is_a_lock()
    {
        MediaScore.DeviceStreams.Isapi.Login.Refusal Read(string file) => MediaScore.DeviceStreams.Isapi.Login.Refusal.Read(IsapiFixture.Read(file));

        Read("locked-terminal.xml").UnlockAfter.ShouldBe(TimeSpan.FromSeconds(111));
        Read("locked-prolog.xml").UnlockAfter.ShouldBe(TimeSpan.FromSeconds(1_790));
        Read("locked-guide.xml").ShouldBe(new(true, TimeSpan.FromSeconds(600), 0));
        Read("unlocked-tries-left.xml").ShouldBe(new(false, null, 4));
        Read("old-nonce.xml").ShouldBe(default);
        Read("device-info.xml").IsLocked.ShouldBeFalse();
        Read("reply-html.html").ShouldBe(default);
        Read("not-xml.txt").ShouldBe(default);
    }

    private static IsapiNode Root(string file) => IsapiBody.TryRead(IsapiFixture.Read(file), out var fault).ShouldNotBeNull(fault);

    /// <summary>Bytes in pieces of 1 to 700, the first time all at once.</summary>
    private sealed class PieceStream(byte[] bytes, int seed) : MemoryStream(bytes)
    {
        private readonly Random _random = new(seed);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(seed == 0 ? buffer : buffer[..Math.Min(buffer.Length, _random.Next(1, seed % 2 == 0 ? 8 : 700))], cancellationToken);
    }
}
