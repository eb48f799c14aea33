using System.Diagnostics;
using MediaScore.Load.Results;

namespace MediaScore.Load.Server;

/// <summary>Looks at the server once a second during the measured window, and works out what it used. One window.</summary>
internal sealed class UsageSampler : IAsyncDisposable
{
    // Of the first and the last look, which the row cannot do without.
    private const int Attempts = 3;

    private const int MostLooks = 3600;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly int _processId;
    private readonly TimeProvider _time;
    private readonly ServerMetrics _metrics;
    private readonly TimeSpan _period;
    private readonly List<UsageSample> _samples = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <param name="length">Of the window: a look has all of the server's metrics, and eight hours of a look a second would not fit the memory.</param>
    public UsageSampler(ServerProcess server, TimeProvider time, TimeSpan length)
        : this(new Uri(server.Http, "/metrics"), server.ProcessId, time, PeriodOf(length))
    {
    }

    /// <param name="metrics">The server's <c>/metrics</c>.</param>
    /// <param name="period">Between two looks; null is a second.</param>
    /// <param name="answerLimit">As <see cref="ServerMetrics"/> has it.</param>
    public UsageSampler(Uri metrics, int processId, TimeProvider time, TimeSpan? period = null, TimeSpan? answerLimit = null) =>
        (_metrics, _processId, _time, _period) = (new ServerMetrics(metrics, answerLimit), processId, time, period ?? Shortest);

    /// <summary>A second, or as much as gives an hour's number of looks.</summary>
    public static TimeSpan PeriodOf(TimeSpan length) => Shortest * Math.Max(1, Math.Ceiling(length / (Shortest * MostLooks)));

    /// <summary>The window begins.</summary>
    /// <exception cref="InvalidOperationException">The server has gone.</exception>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        _samples.Add(await SampleAsync(cancellation));
        _loop = RunAsync(_stop.Token);
    }

    /// <summary>The window ends.</summary>
    /// <param name="interviewSeconds">Live interviews summed over the seconds of the window.</param>
    /// <exception cref="InvalidOperationException">The server has gone.</exception>
    public async Task<ServerUsage> EndAsync(double interviewSeconds, CancellationToken cancellation)
    {
        await _stop.CancelAsync();
        await _loop;
        _samples.Add(await SampleAsync(cancellation));
        return UsageSummary.Of(_samples, interviewSeconds, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _metrics.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(_period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                // One slow answer is a gap in the curves, and no reason to lose the row: all totals come from the first and the last look.
                if (await TrySampleAsync(cancellation) is { } sample)
                    _samples.Add(sample);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The window is over.
        }
    }

    private async Task<UsageSample> SampleAsync(CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TrySampleAsync(cancellation) is { } sample)
                return sample;
        }

        throw new InvalidOperationException($"The server (process {_processId}) has not answered {_metrics.Address} within {_metrics.AnswerLimit.TotalSeconds:0} s, {Attempts} times. Its log (server.log in the output folder) may say why.");
    }

    /// <returns>Null where the answer took too long.</returns>
    private async Task<UsageSample?> TrySampleAsync(CancellationToken cancellation)
    {
        try
        {
            // Asked first: what the answer takes is the server's as well, and a slow answer is no gap in the processor's account.
            if (await _metrics.TryGetAsync(cancellation) is not { } metrics)
                return null;
            using var own = Process.GetCurrentProcess();
            return new UsageSample(_time.GetTimestamp(), ProcessReading.Read(_processId), MachineReading.Read(), own.TotalProcessorTime.TotalSeconds, metrics);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new InvalidOperationException($"The server (process {_processId}) no longer answers: {e.Message} Its log (server.log in the output folder) says why.", e);
        }
    }
}
