namespace MediaScore.ReceivePath;

/// <summary>CPU time of a thread a datagram, second by second: the mean says what this run cost, the quietest seconds what it costs when nobody else uses the machine's caches.</summary>
internal sealed class CpuSamples(string threadName, Func<long> datagrams, TimeProvider time)
{
    private readonly List<double> _microseconds = [];
    private TimeSpan _totalCpu;
    private long _totalCount;

    public TimeSpan Cpu => _totalCpu;

    public double MeanUs => _totalCpu.TotalMicroseconds / Math.Max(1, _totalCount);

    /// <summary>Mean of the quietest tenth of the seconds.</summary>
    public double QuietUs => _microseconds.Order().Take(Math.Max(1, _microseconds.Count / 10)).DefaultIfEmpty().Average();

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var (cpu, count) = (ThreadCpu.Read(threadName), datagrams());
        var (firstCpu, firstCount) = (cpu, count);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var (cpuNow, countNow) = (ThreadCpu.Read(threadName), datagrams());

                // A second in which the senders got no processor says nothing.
                if (countNow - count > 1000)
                    _microseconds.Add((cpuNow - cpu).TotalMicroseconds / (countNow - count));
                (cpu, count) = (cpuNow, countNow);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the part that is measured.
        }

        _totalCpu = ThreadCpu.Read(threadName) - firstCpu;
        _totalCount = datagrams() - firstCount;
    }
}
