using MediaScore.Inference;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Sessions;

public sealed class AdmissionControllerTests
{
    private readonly AdmissionOptions _options = new() { MaxInterviews = 10, MaxPoolLoad = 0.75, MinFreeDiskMiB = 1000, RetryAfterSeconds = 5 };

    [Theory]
    [InlineData(9, 0.75, 1000, RefusalReason.None)]
    [InlineData(10, 0, 5000, RefusalReason.TooManyInterviews)]
    [InlineData(0, 0.76, 5000, RefusalReason.PoolSaturated)]
    [InlineData(0, 0, 999, RefusalReason.DiskLow)]
    [InlineData(10, 1, 0, RefusalReason.DiskLow)]
    internal void The_gravest_shortage_is_the_reason(int interviews, double load, long freeMiB, RefusalReason expected)
    {
        var decision = new AdmissionController(_options, () => interviews, () => load, () => freeMiB).Decide();

        decision.Reason.ShouldBe(expected);
        decision.Admitted.ShouldBe(expected == RefusalReason.None);
        decision.RetryAfter.ShouldBe(expected == RefusalReason.None ? TimeSpan.Zero : TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Load_is_the_share_of_the_workers_time_over_the_last_ten_seconds()
    {
        var time = new FakeTimeProvider();
        var compute = 0.0;
        var gauge = new PoolLoadGauge(() => new PoolStatistics(2, [new ModelStatistics("m", 0, 0, 0, 0, 0, 0, compute, true, 0, 0)]), time);

        var atStart = gauge.Read();
        time.Advance(TimeSpan.FromSeconds(2));
        compute = 3; // 3 of 4 worker seconds
        var busy = gauge.Read();
        for (var second = 0; second < 12; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            gauge.Read();
        }

        atStart.ShouldBe(0);
        busy.ShouldBe(0.75, 1e-9);
        gauge.Read().ShouldBe(0, 1e-9);
    }
}
