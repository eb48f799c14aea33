using MediaScore.Load.Server;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Load.Tests.Server;

public sealed class CompilerRestTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task The_warm_up_ends_when_the_compiler_is_quiet()
    {
        // Two seconds of work in the first ten seconds, then two milliseconds in five.
        (await WaitedAsync(seconds => seconds < 10 ? seconds * 0.2 : 2 + (seconds * 0.0004), interviews: 1)).ShouldBe(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task The_same_work_is_less_of_many_interviews() =>
        (await WaitedAsync(seconds => seconds * 0.02, interviews: 50)).ShouldBe(TimeSpan.FromSeconds(5));

    [Fact]
    public async Task A_compiler_that_never_rests_is_waited_for_a_minute() =>
        (await WaitedAsync(seconds => seconds * 0.02, interviews: 1)).ShouldBe(TimeSpan.FromSeconds(60));

    private async Task<TimeSpan> WaitedAsync(Func<double, double> compilerSeconds, int interviews)
    {
        var began = _time.GetTimestamp();
        var rest = new CompilerRest(
            _ => Task.FromResult<MetricsSnapshot?>(MetricsSnapshot.Parse(FormattableString.Invariant($"dotnet_jit_compilation_time_seconds_total {compilerSeconds(_time.GetElapsedTime(began).TotalSeconds)}"))),
            () => interviews,
            (span, _) =>
            {
                _time.Advance(span);
                return Task.CompletedTask;
            },
            _time);
        return await rest.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }
}
