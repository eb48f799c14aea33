using System.Text;
using MediaScore.Assessment.Reports;

namespace MediaScore.Assessment.Tests.Reports;

public sealed class ReportComparerTests
{
    private static readonly byte[] Sample = ReportJson.Write(SampleInterview.Report());

    [Fact]
    public void Another_run_of_the_same_interview_is_equal()
    {
        var again = ReportJson.Write(SampleInterview.Report() with
        {
            Interview = SampleInterview.Report().Interview with { Id = "itv-other", CreatedAt = SampleInterview.Metadata.CreatedAt!.Value.AddHours(1), EndedAt = null },
        });

        again.ShouldNotBe(Sample);
        ReportComparer.Compare(Sample, again).ShouldBeEmpty();
    }

    [Fact]
    public void A_difference_is_named_by_its_pointer_with_both_values()
    {
        var report = SampleInterview.Report();
        var other = ReportJson.Write(report with { Overall = report.Overall with { Rating = 1.5 }, Models = [.. report.Models.SkipLast(1)] });

        ReportComparer.Compare(Sample, other).ShouldBe(
        [
            new ReportDifference("/overall/rating", report.Overall.Rating!.Value.ToString("0.0"), "1.5"),
            new ReportDifference("/models/3", "{\"id\":\"silero-vad\",\"version\":\"1.0.3\\u002B0a1b2c3d\"}", null),
        ]);
    }

    [Fact]
    public void Missing_and_added_fields_are_differences() =>
        ReportComparer.Compare(Bytes("""{"a":1,"b~/":[1,{"c":2}]}"""), Bytes("""{"b~/":[1,{"c":"2"}],"d":null}""")).ShouldBe(
        [
            new ReportDifference("/a", "1", null),
            new ReportDifference("/b~0~1/1/c", "2", "\"2\""),
            new ReportDifference("/d", null, "null"),
        ]);

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
