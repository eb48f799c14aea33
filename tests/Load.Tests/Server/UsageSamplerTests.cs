using MediaScore.Load.Server;

namespace MediaScore.Load.Tests.Server;

public sealed class UsageSamplerTests
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(3600, 1)]
    [InlineData(28_800, 8)]
    public void A_window_of_hours_is_looked_at_as_often_as_one_of_an_hour(int seconds, int period) =>
        UsageSampler.PeriodOf(TimeSpan.FromSeconds(seconds)).ShouldBe(TimeSpan.FromSeconds(period));
}
