using System.Globalization;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Tests.Isapi;

public sealed class DeviceTimeTests
{
    private static readonly TimeZoneInfo Yerevan = TimeZoneInfo.CreateCustomTimeZone("test+4", TimeSpan.FromHours(4), "test", "test");

    [Theory]
    [InlineData("2026-10-31T07:42:18-04:00", "2026-10-31T11:42:18Z", "20261031T074218")]
    [InlineData("2026-10-31T07:42:18Z", "2026-10-31T07:42:18Z", "20261031T074218")]
    [InlineData("2026-10-31T07:42:18.123+05:30", "2026-10-31T02:12:18Z", "20261031T074218")]
    [InlineData("2026-10-31T07:42:18-5:00", "2026-10-31T12:42:18Z", "20261031T074218")]
    [InlineData("2026-10-31T07:42:18+0530", "2026-10-31T02:12:18Z", "20261031T074218")]
    [InlineData("2026-10-31T07:42Z", "2026-10-31T07:42:00Z", "20261031T074200")]
    [InlineData("2026-10-31 07:42:18", "2026-10-31T03:42:18Z", "20261031T074218")]
    [InlineData("2026-10-31T07:42:60+00:00", "2026-10-31T07:42:59Z", "20261031T074259")]
    public void Times_are_read_with_every_liberty_that_was_seen(string text, string utc, string wall)
    {
        DeviceTime.TryParse(text, Yerevan, out var time).ShouldBeTrue();

        time.Time.ToUniversalTime().ShouldBe(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture));
        time.Wall.ShouldBe(wall);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-02-30T10:00:00Z")]
    [InlineData("2026-10-31T25:00:00Z")]
    [InlineData("2026-10-31T07:42:18+15:00")]
    [InlineData("2026-10-31T07:42:18 Mars")]
    [InlineData("0000-00-00T00:00:00")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void What_is_no_time_is_none(string text) => DeviceTime.TryParse(text, Yerevan, out _).ShouldBeFalse();

    [Fact]
    public void Times_are_asked_for_with_an_offset_and_without_a_fraction()
    {
        DeviceTime.Format(new DateTimeOffset(2026, 10, 31, 7, 42, 18, 500, TimeSpan.Zero), Yerevan).ShouldBe("2026-10-31T11:42:18+04:00");
    }
}
