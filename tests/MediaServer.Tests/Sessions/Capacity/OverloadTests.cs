using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Sessions.Capacity;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Sessions.Capacity;

/// <summary>Estimate and admission together, on a machine that is a formula: what it does to a stream of requests that asks for ten times what fits.</summary>
public sealed class OverloadTests
{
    // Each interview's need of a second, uneven as speech is, and nothing before its first answer.
    private const double CostSeconds = 0.019;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);

    private readonly AdmissionOptions _options = new() { MaxInterviews = 1000, ExpectedCpuMs = 20 };
    private readonly FakeTimeProvider _time = new();
    private readonly Random _random = new(5);
    private readonly List<long> _begun = [];
    private readonly AdmissionController _admission;
    private CapacityEstimator _estimator;
    private LoadReading _reading;

    public OverloadTests()
    {
        _admission = new AdmissionController(_options, () => _begun.Count, () => _begun.Count, _time);
        _estimator = new CapacityEstimator(_options, cores: 2, machineCpus: 2, workerCount: 2);
        _admission.Update(_estimator.Add(_reading), 100_000, []);
    }

    private double Fits => _options.MaxCpuLoad * 2 / CostSeconds;

    [Fact]
    public void However_many_ask_at_once_no_more_are_admitted_than_the_machine_holds()
    {
        for (var second = 0; second < 600; second++)
            Pass(offered: 50);

        _begun.Count.ShouldBeInRange((int)(0.9 * Fits), (int)(1.02 * Fits));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(60)]
    public void A_wrong_guess_is_mended_by_those_who_are_there_before_the_machine_is_full(double guessMs)
    {
        _options.ExpectedCpuMs = guessMs;
        _estimator = new CapacityEstimator(_options, cores: 2, machineCpus: 2, workerCount: 2);

        for (var second = 0; second < 900; second++)
            Pass(offered: second % 3 == 0 ? 1 : 0);

        _begun.Count.ShouldBeInRange((int)(0.9 * Fits), (int)(1.06 * Fits));
    }

    [Fact]
    public void A_burst_before_the_first_measurement_is_held_to_the_guess()
    {
        Ask(10_000);

        _begun.Count.ShouldBe((int)(_options.MaxCpuLoad * 2 * 1000 / _options.ExpectedCpuMs));
    }

    [Fact]
    public void When_some_have_gone_others_are_admitted_within_half_a_minute()
    {
        for (var second = 0; second < 300; second++)
            Pass(offered: 50);
        _begun.RemoveRange(0, _begun.Count / 4);
        var left = _begun.Count;

        var seconds = 0;
        for (; _begun.Count <= left && seconds < 120; seconds++)
            Pass(offered: 50);

        // Ten seconds for the window to forget who has gone, ten for room to last.
        seconds.ShouldBeInRange(10, 30);
    }

    [Fact]
    public void Who_is_admitted_has_the_CPU_that_it_needs()
    {
        for (var second = 0; second < 300; second++)
            Pass(offered: 50);

        var most = 0.0;
        for (var second = 0; second < 300; second++)
            most = Math.Max(most, Pass(offered: 50).CpuLoad);

        most.ShouldBeLessThan(1);
    }

    private CapacityEstimate Pass(int offered)
    {
        Ask(offered);
        _time.Advance(TimeSpan.FromSeconds(1));
        var (used, settled) = (0.0, 0);
        foreach (var begun in _begun)
        {
            if (_time.GetElapsedTime(begun) > Silence)
                used += CostSeconds * (_random.NextDouble() < 0.6 ? 1 / 0.6 : 0);
            settled += _time.GetElapsedTime(begun) >= LiveInterview.SettlingTime ? 1 : 0;
        }

        _reading = _reading with
        {
            At = _reading.At + TimeSpan.FromSeconds(1),
            SettledSeconds = _reading.SettledSeconds + settled,
            NewSeconds = _reading.NewSeconds + _begun.Count - settled,
            CpuSeconds = _reading.CpuSeconds + Math.Min(2, used),
            PoolSeconds = _reading.PoolSeconds + (Math.Min(2, used) * 0.6),
        };
        var estimate = _estimator.Add(_reading);
        _admission.Update(estimate, 100_000, []);
        return estimate;
    }

    private void Ask(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!_admission.TryReserve(out var place).Admitted)
                continue;
            _begun.Add(_time.GetTimestamp());
            place!.Dispose();
        }
    }
}
