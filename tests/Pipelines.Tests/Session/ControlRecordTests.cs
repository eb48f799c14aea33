using System.Text;
using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

public sealed class ControlRecordTests
{
    [Fact]
    public void Every_kind_comes_back_as_it_went()
    {
        ControlRecord[] records =
        [
            new StageMarkerRecord("s", "q", 2, Begins: true),
            new WrittenAnswerRecord("s", "q", 1, "周末 \"promotion\""),
            new EndRecord(InterviewEndReason.Withdrawn),
            new ClockAnchorRecord(TrackKind.Video, -5_000_000, GapReasons.ClockJumpedBackward, 1, 2),
        ];

        foreach (var record in records)
            ControlRecord.TryParse(record.Serialize()).ShouldBe(record);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"of-a-later-version\"}")]
    [InlineData("\u0001\u0002")]
    public void What_this_version_does_not_know_is_no_record_and_no_exception(string json) =>
        ControlRecord.TryParse(Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    /// <summary>The examples of docs/formats/recording.md.</summary>
    [Fact]
    public void The_bytes_on_disk_stay_as_they_are()
    {
        ControlRecord[] records =
        [
            new StageMarkerRecord("late-dish", "late-dish-response", 1, Begins: true),
            new WrittenAnswerRecord("weekend-promotion", "weekend-promotion-plan", 1, "Half price on Saturday"),
            new EndRecord(InterviewEndReason.ClientEnded),
            new ClockAnchorRecord(TrackKind.Audio, 4_000_000, GapReasons.ClockJumpedBackward, 9_000_000, 9_000_000),
        ];
        var page = File.ReadAllLines(Path.Combine(SharedTestData.RepositoryRoot, "docs", "formats", "recording.md"));

        var written = records.Select(r => Encoding.UTF8.GetString(r.Serialize())).ToList();

        written.ShouldBe(page.Where(l => l.StartsWith("    {\"kind\":", StringComparison.Ordinal)).Select(l => l.Trim()));
        written[0].ShouldBe("""{"kind":"stage","stageId":"late-dish","questionId":"late-dish-response","attempt":1,"begins":true}""");
    }
}
