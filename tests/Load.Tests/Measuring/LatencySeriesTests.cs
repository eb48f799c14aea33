using System.Text;
using MediaScore.Load.Measuring;

namespace MediaScore.Load.Tests.Measuring;

public sealed class LatencySeriesTests : IDisposable
{
    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("load-log-");

    [Fact]
    public void What_is_due_outside_the_window_has_a_tag_of_its_own_in_the_log()
    {
        var series = new LatencySeries();
        series.Record(TimeSpan.FromMilliseconds(20), inWindow: true);
        series.Record(TimeSpan.FromMilliseconds(900), inWindow: false);
        using (var log = new RawLog(_output.FullName, TimeProvider.System))
            log.Append("caption", series.TakeSecond()).TotalCount.ShouldBe(2);

        // As other programs read it.
        var lines = File.ReadAllLines(Path.Combine(_output.FullName, RawLog.FileName), Encoding.ASCII);
        lines[0].ShouldStartWith("#[Histogram log format version");

        lines.Count(line => line.StartsWith("Tag=caption,", StringComparison.Ordinal)).ShouldBe(1);
        lines.Count(line => line.StartsWith("Tag=caption-outside,", StringComparison.Ordinal)).ShouldBe(1);
        series.Window().Count.ShouldBe(1);
    }

    [Fact]
    public void What_came_before_it_was_due_is_counted()
    {
        var series = new LatencySeries();

        series.Record(TimeSpan.FromMilliseconds(-5), inWindow: true);
        series.Record(TimeSpan.FromMilliseconds(-5), inWindow: false);

        series.Early.ShouldBe(1);
    }

    public void Dispose() => _output.Delete(recursive: true);
}
