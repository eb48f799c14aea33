using HdrHistogram;
using MediaScore.Load.Clients;
using MediaScore.Load.Measuring;
using MediaScore.Load.Results;
using MediaScore.Load.Server;

namespace MediaScore.Load.Scenarios;

/// <summary>The measured window: what is written down each second, what the server and this program used in it. One use. The progress line is written all the time.</summary>
internal sealed class MeasuredWindow(ServerProcess server, LoadMeter meter, RawLog log, TextWriter progress, TimeProvider time)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<DriverSecond> _seconds = [];
    private readonly long _runBegan = time.GetTimestamp();
    private bool _open;

    public IReadOnlyList<DriverSecond> Seconds => _seconds;

    public ServerUsage? Usage { get; private set; }

    public double InterviewSeconds { get; private set; }

    public double Length { get; private set; }

    public double WarmUp { get; private set; }

    public double DriverCpuMsPerInterviewSecond { get; private set; }

    /// <summary>The window, while <paramref name="during"/> happens, or for its length where nothing does.</summary>
    public async Task RunAsync(TimeSpan length, CancellationToken cancellation, Func<CancellationToken, Task>? during = null)
    {
        await using var sampler = new UsageSampler(server, time, length);
        await sampler.BeginAsync(cancellation);
        var began = time.GetTimestamp();
        WarmUp = time.GetElapsedTime(_runBegan, began).TotalSeconds;
        var cpu = Environment.CpuUsage.TotalTime;
        _open = true;
        meter.OpenWindow();
        await Task.WhenAll(Task.Delay(length, time, cancellation), during?.Invoke(cancellation) ?? Task.CompletedTask);
        meter.CloseWindow();
        _open = false;
        Length = time.GetElapsedTime(began).TotalSeconds;
        // The last part of a second has no line of its own.
        InterviewSeconds += Math.Max(0, Length - _seconds.Count) * meter.Live;
        DriverCpuMsPerInterviewSecond = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Math.Max(1, InterviewSeconds);
        Usage = await sampler.EndAsync(InterviewSeconds, cancellation);
    }

    /// <summary>The warm-up's end: waits until the server's compiler is quiet, for as long as <paramref name="most"/>.</summary>
    public async Task WaitUntilCompiledAsync(TimeSpan most, CancellationToken cancellation)
    {
        using var metrics = new ServerMetrics(new Uri(server.Http, "/metrics"));
        var waited = await new CompilerRest(metrics.TryGetAsync, () => meter.Live, (span, token) => Task.Delay(span, time, token), time).WaitAsync(most, cancellation);
        await progress.WriteLineAsync(FormattableString.Invariant($"The compiler was waited for {waited.TotalSeconds:0} s."));
    }

    /// <summary>Writes a line each second until it is cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        var (refused, failed, captions, last) = (0, 0, 0, time.GetTimestamp());
        using var timer = new PeriodicTimer(Second, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                // Workers of the pool that a raised thread has started.
                PunctualThread.LowerOthers();
                var now = time.GetTimestamp();
                var (live, lag) = (meter.Live, meter.TakeWorstLag());
                var (caption, durable, decision) = LogSecond();
                if (_open)
                {
                    InterviewSeconds += live * time.GetElapsedTime(last, now).TotalSeconds;
                    _seconds.Add(new DriverSecond(
                        _seconds.Count, live, meter.CaptionCount - captions, At(caption, 50), At(caption, 100), At(durable, 99), lag.TotalMilliseconds, meter.Refused - refused, meter.Failed - failed,
                        At(decision, 100)));
                }

                (refused, failed, captions, last) = (meter.Refused, meter.Failed, meter.CaptionCount, now);
                await progress.WriteLineAsync(FormattableString.Invariant(
                    $"{time.GetElapsedTime(_runBegan, now).TotalSeconds,5:0} s{(_open ? "*" : " ")} {live,3} live  {captions,5} captions, p99 {meter.Captions.P99MsSoFar() ?? 0,5:0} ms  safe p99 {meter.Durable.P99MsSoFar() ?? 0,4:0} ms  own lag {lag.TotalMilliseconds,4:0} ms{Doors()}{Trouble()}"));
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        finally
        {
            // The rest of a second.
            LogSecond();
        }
    }

    private (HistogramBase Captions, HistogramBase Durable, HistogramBase Decisions) LogSecond()
    {
        log.Append("terminal-lag", meter.TerminalLag.TakeSecond());
        log.Append("send-lag", meter.SendLag.TakeSecond());
        log.Append("refusal", meter.Refusals.TakeSecond());
        log.Append("request-lag", meter.RequestLag.TakeSecond());
        return (log.Append("caption", meter.Captions.TakeSecond()), log.Append("durable", meter.Durable.TakeSecond()), log.Append("decision", meter.Decisions.TakeSecond()));
    }

    private string Doors() => meter.Decisions.P99MsSoFar() is { } p99 ? FormattableString.Invariant($"  doors p99 {p99,4:0} ms") : string.Empty;

    private string Trouble() => (meter.Refused > 0 ? $"  {meter.Refused} refused" : string.Empty) + (meter.Failed > 0 ? $"  {meter.Failed} FAILED" : string.Empty);

    private static double? At(HistogramBase histogram, double percentile) => histogram.TotalCount == 0 ? null : histogram.GetValueAtPercentile(percentile) / 1000.0;
}
