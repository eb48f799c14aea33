using System.Text;
using MediaScore.Pipelines.Session;
using MediaScore.Recording;
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

    [Fact]
    public void The_bytes_on_disk_stay_as_they_are() =>
        Encoding.UTF8.GetString(new StageMarkerRecord("stage-1", "q1", 1, Begins: true).Serialize())
            .ShouldBe("""{"kind":"stage","stageId":"stage-1","questionId":"q1","attempt":1,"begins":true}""");
}
