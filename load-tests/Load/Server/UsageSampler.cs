using System.Diagnostics;
using MediaScore.Load.Results;

namespace MediaScore.Load.Server;

/// <summary>Looks at the server once a second during the measured window, and works out what it used. One window.</summary>
internal sealed class UsageSampler : IAsyncDisposable
{
    // Of the first and the last look, which the row cannot do without.
    private const int Attempts = 3;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Uri _metrics;
    private readonly int _processId;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly List<UsageSample> _samples = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public UsageSampler(ServerProcess server, TimeProvider time)
        : this(new Uri(server.Http, "/metrics"), server.ProcessId, time)
    {
    }

    /// <param name="metrics">The server's <c>/metrics</c>.</param>
    /// <param name="answerLimit">Longest wait for one answer; null is 20 s, more than any that was seen under overload.</param>
    public UsageSampler(Uri metrics, int processId, TimeProvider time, TimeSpan? answerLimit = null)
    {
        (_metrics, _processId, _time) = (metrics, processId, time);
        _http = new HttpClient { Timeout = answerLimit ?? TimeSpan.FromSeconds(20) };
    }

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
        _http.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period, _time);
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

        throw new InvalidOperationException($"The server (process {_processId}) has not answered {_metrics} within {_http.Timeout.TotalSeconds:0} s, {Attempts} times. Its log (server.log in the output folder) may say why.");
    }

    /// <returns>Null where the answer took too long.</returns>
    private async Task<UsageSample?> TrySampleAsync(CancellationToken cancellation)
    {
        try
        {
            // Asked first: what the answer takes is the server's as well, and a slow answer is no gap in the processor's account.
            var metrics = MetricsSnapshot.Parse(await _http.GetStringAsync(_metrics, cancellation));
            using var own = Process.GetCurrentProcess();
            return new UsageSample(_time.GetTimestamp(), ProcessReading.Read(_processId), MachineReading.Read(), own.TotalProcessorTime.TotalSeconds, metrics);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new InvalidOperationException($"The server (process {_processId}) no longer answers: {e.Message} Its log (server.log in the output folder) says why.", e);
        }
    }
}
