using System.Text;
using MediaScore.DeviceStreams.ZkPush.Codes;
using MediaScore.DeviceStreams.ZkPush.Session;
using MediaScore.DeviceStreams.ZkPush.Tables;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

public sealed class ZkWireTests
{
    [Theory]
    // The three of the maker's manual and of a capture.
    [InlineData("2026-07-22 14:30:00", 853_597_800)]
    [InlineData("2018-02-27 14:51:00", 583_512_660)]
    [InlineData("2017-01-19 15:14:48", 548_003_688)]
    public void Packed_times_have_months_of_31_days(string text, long packed)
    {
        ZkTime.TryParse(Encoding.ASCII.GetBytes(text), out var local).ShouldBeTrue();

        ZkTime.Pack(local).ShouldBe(packed);
        ZkTime.TryUnpack(packed, out var back).ShouldBeTrue();
        back.ShouldBe(local);
    }

    [Theory]
    [InlineData("2026-01-05 08:00:0")]
    [InlineData("2026-01-05 08:00")]
    [InlineData("2026-1-5 08:00:00")]
    [InlineData("2026-02-30 08:00:00")]
    [InlineData("2026-01-05 24:00:00")]
    [InlineData("0000-00-00 00:00:00")]
    [InlineData("20x6-01-05 08:00:00")]
    public void A_time_that_was_cut_or_never_was_is_none(string text) =>
        ZkTime.TryParse(Encoding.ASCII.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void Names_are_read_in_the_letters_that_they_were_written_in()
    {
        byte[] gbk = [0xD5, 0xC5, 0xC8, 0xFD];
        var utf8 = "张三"u8.ToArray();
        // Two letters of GBK that happen to be one of UTF-8.
        byte[] either = [0xC4, 0xA3];

        ZkText.Decode(gbk, ZkEncoding.ByValidity).ShouldBe("张三");
        ZkText.Decode(utf8, ZkEncoding.ByValidity).ShouldBe("张三");
        ZkText.Decode(utf8, ZkEncoding.Chinese).ShouldBe("张三");
        ZkText.Decode(gbk, ZkEncoding.Gbk).ShouldBe("张三");
        ZkText.Decode(either, ZkEncoding.ByValidity).ShouldBe("ģ");
        ZkText.Decode(either, ZkEncoding.Chinese).ShouldBe("模");
        ZkText.Decode(either, ZkEncoding.Gbk).ShouldBe("模");
        ZkText.Decode("Jos\u00E9"u8, ZkEncoding.ByValidity).ShouldBe("José");
        ZkText.Decode([(byte)'J', 0xE9], ZkEncoding.ByValidity).ShouldBe("Jé");
        ZkText.Encode("张三", ZkEncoding.Gbk).ShouldBe(gbk);
        ZkText.Encode("张三", ZkEncoding.ByValidity).ShouldBe(utf8);
    }

    [Fact]
    public void A_cut_never_goes_through_a_letter() => ZkText.Cut("ab\U0001F600", 3).ShouldBe("ab");

    [Fact]
    public void A_value_with_a_comma_or_an_equals_sign_stays_whole()
    {
        var pairs = new ZkCommaPairs("~OEMVendor=ACME CO., LTD.,Key=QUJDRA==,~Last=1\r\n\0"u8);
        var found = new List<string>();
        while (pairs.MoveNext())
            found.Add($"{Encoding.ASCII.GetString(pairs.Key)}|{Encoding.ASCII.GetString(pairs.Value)}");

        found.ShouldBe(["OEMVendor|ACME CO., LTD.", "Key|QUJDRA==", "Last|1"]);
    }

    [Fact]
    public void Records_end_at_line_feeds_and_only_line_ends_are_taken_off()
    {
        var body = "a\tb\t\r\n\r\n \r\n\tc\r\n\0"u8;
        var lines = new List<string>();
        var position = 0;
        while (ZkLines.TryTake(body, ref position, out var line))
            lines.Add(Encoding.ASCII.GetString(line));

        lines.ShouldBe(["a\tb\t", "\tc"]);
        ZkLines.Count(body).ShouldBe(2);
    }

    [Fact]
    public void Files_of_an_archive_stand_one_after_another()
    {
        Encoding.ASCII.GetString(ZkArchive.Unpack(ZkTgz.Pack("one\n"u8.ToArray(), [], "two"u8.ToArray()))!).ShouldBe("one\n\n\ntwo\n");
        ZkArchive.Unpack(ZkTgz.Pack()).ShouldBeNull();
        // A long name stands in front of its file, and is none.
        Encoding.ASCII.GetString(ZkArchive.Unpack(ZkTgz.Gzip([.. ZkTgz.Claim('L', 3, [.. "a/b"u8, .. new byte[509]]), .. ZkTgz.Tar("one"u8.ToArray())]))!).ShouldBe("one\n");
    }

    [Theory]
    [InlineData('0', 513)]
    [InlineData('0', 2_000_000_000)]
    [InlineData('x', 2_000_000_000)]
    [InlineData('L', 2_000_000_000)]
    [InlineData('x', 8_000_000_000)]
    public void An_archive_is_believed_only_as_far_as_it_goes(char type, long claim)
    {
        var packed = ZkTgz.Gzip(ZkTgz.Claim(type, claim, new byte[512]));
        ZkArchive.Unpack(packed);
        var before = GC.GetAllocatedBytesForCurrentThread();

        ZkArchive.Unpack(packed).ShouldBeNull();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Theory]
    [InlineData("15", "face")]
    [InlineData("1", "fingerprint")]
    [InlineData("11", "card+password")]
    [InlineData("25", "palm")]
    [InlineData("0", "")]
    [InlineData("200", "")]
    [InlineData("5", "5")]
    [InlineData("10", "card+fingerprint")]
    [InlineData("0000000000000010", "face")]
    [InlineData("0000000000010000", "fingerprint")]
    [InlineData("0000100000000000", "card")]
    [InlineData("0000101000000011", "face+password+card")]
    [InlineData("0000101000000010", "0000101000000010")]
    [InlineData("xyz", "")]
    public void Ways_of_verification_are_numbers_or_sixteen_bits(string code, string method) =>
        VerifyCodes.MethodOf(Encoding.ASCII.GetBytes(code)).ShouldBe(method);

    [Theory]
    [InlineData("20260722143000-4711.jpg", "2026-07-22 14:30:00", "4711")]
    [InlineData("20260722143000-47-11.jpg", "2026-07-22 14:30:00", "47-11")]
    [InlineData("20260722143000", "2026-07-22 14:30:00", null)]
    [InlineData("20260722143000.jpg", "2026-07-22 14:30:00", null)]
    [InlineData("20260722143000-1-4711-ID000001.jpg", "2026-07-22 14:30:00", "4711")]
    [InlineData("folder/20260722143000-4711.JPG", "2026-07-22 14:30:00", "4711")]
    [InlineData("4711", null, "4711")]
    [InlineData("", null, null)]
    public void The_name_of_a_photo_says_when_and_of_whom(string name, string? at, string? person)
    {
        var photo = PhotoName.Parse(name);

        photo.TakenAt?.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(at);
        photo.PersonNumber.ShouldBe(person);
    }

    [Fact]
    public void Doors_and_alarms_are_read_from_their_bits()
    {
        DoorStates.Doors("01"u8).ShouldBe("door 1 closed");
        DoorStates.Doors("0902"u8).ShouldBe("door 1 closed, door 2 open, door 5 open");
        DoorStates.Alarms("0200000000000000"u8).ShouldBe("door 1 tampered with");
        DoorStates.Alarms("0011000000000000"u8).ShouldBe("door 2 forced open, door 2 open too long");
        DoorStates.Alarms("zz"u8).ShouldBe("");
    }

    [Fact]
    public void An_hour_that_comes_twice_is_the_one_that_has_been()
    {
        var clock = new ZkClock(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), sentOffset: null, DateTimeOffset.MaxValue);
        var local = new DateTime(2026, 10, 25, 2, 30, 0);

        clock.ToInstant(local, Utc(25, 0, 31)).ShouldBe(Utc(25, 0, 30));
        clock.ToInstant(local, Utc(25, 1, 31)).ShouldBe(Utc(25, 1, 30));
    }

    [Fact]
    public void A_terminal_keeps_the_offset_that_it_was_told_until_it_is_told_another()
    {
        var clock = new ZkClock(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), TimeSpan.FromHours(2), sentAt: Utc(24, 12, 0));

        // Its clock still shows summer time an hour after the change.
        clock.ToInstant(new DateTime(2026, 10, 25, 4, 5, 0), Utc(25, 2, 6)).ShouldBe(Utc(25, 2, 5));
        // Of before it was told the zone decides.
        clock.ToInstant(new DateTime(2026, 1, 15, 9, 0, 0), Utc(25, 2, 6)).ShouldBe(new DateTimeOffset(2026, 1, 15, 8, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void The_hour_that_spring_leaves_out_is_read_as_before_the_change()
    {
        var clock = new ZkClock(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), sentOffset: null, DateTimeOffset.MaxValue);

        clock.ToInstant(new DateTime(2026, 3, 29, 2, 30, 0), new DateTimeOffset(2026, 3, 29, 1, 30, 5, TimeSpan.Zero)).ShouldBe(new DateTimeOffset(2026, 3, 29, 1, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public void What_must_survive_fits_into_the_cursor_and_comes_back()
    {
        var state = new ZkTerminalState
        {
            Dialect = DeviceStreams.ZkPush.ZkDialect.Access,
            ChecksCards = true,
            Language = 83,
            RegistryCode = new string('a', 16),
            SessionId = new string('B', 32),
            OffsetMinutes = -150,
            OffsetGivenAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
            ResendAll = true,
        };
        for (var table = 0; table < 20; table++)
            state = state.WithStamp($"TABLE{table}", new string('9', 32)).WithStamp("LONG", new string('9', 33));

        var cursor = state.ToCursor();
        var back = ZkTerminalState.Parse(cursor);

        cursor.Length.ShouldBeLessThanOrEqualTo(1_024);
        back.ToCursor().ShouldBe(cursor);
        (back.Dialect, back.OffsetMinutes, back.ResendAll, back.Stamps.Count).ShouldBe((state.Dialect, -150, true, 8));
        ZkTerminalState.Parse("not JSON").ToCursor().ShouldBe(new ZkTerminalState().ToCursor());
    }

    private static DateTimeOffset Utc(int day, int hour, int minute) => new(2026, 10, day, hour, minute, 0, TimeSpan.Zero);
}
