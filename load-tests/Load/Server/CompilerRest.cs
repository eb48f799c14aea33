namespace MediaScore.Load.Server;

/// <summary>
/// Waits until the server's just-in-time compiler has little left to do. Few interviews call each method seldom: what counts as hot is compiled again minutes after the
/// start, and would be taken for a cost of the load.
/// </summary>
/// <param name="read">Null where the answer took too long.</param>
/// <param name="interviews">How many run now.</param>
/// <param name="delay">On the clock <paramref name="time"/>.</param>
internal sealed class CompilerRest(Func<CancellationToken, Task<MetricsSnapshot?>> read, Func<int> interviews, Func<TimeSpan, CancellationToken, Task> delay, TimeProvider time)
{
    // A fortieth of what an interview costs in all.
    public const double MostMsPerInterviewSecond = 0.5;

    // The compiler works in bursts a tenth of a second after the last new call: a shorter look would fall between two.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <returns>How long it was.</returns>
    public async Task<TimeSpan> WaitAsync(TimeSpan most, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var (last, lastAt) = (await read(cancellation), began);
        while (time.GetElapsedTime(began) + Look <= most)
        {
            await delay(Look, cancellation);
            var (now, nowAt) = (await read(cancellation), time.GetTimestamp());
            if (last is not null && now is not null)
            {
                var ms = (now.Sum(UsageSummary.CompilerTime) - last.Sum(UsageSummary.CompilerTime)) * 1000;
                if (ms / time.GetElapsedTime(lastAt, nowAt).TotalSeconds / Math.Max(1, interviews()) <= MostMsPerInterviewSecond)
                    break;
            }

            (last, lastAt) = (now, nowAt);
        }

        return time.GetElapsedTime(began);
    }
}
