using MediaScore.MediaServer.Configuration;

namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>Measures once a second how many interviews this machine can hold, and tells the admission. The only one that takes readings.</summary>
internal sealed partial class CapacityMonitor : BackgroundService
{
    // A tenth of the window. A burst within it is bounded by the places that are known.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly AdmissionController _admission;
    private readonly CapacityEstimator _estimator;
    private readonly LoadProbe _probe;
    private readonly AdmissionOptions _options;
    private readonly Func<long> _freeDiskMiB;
    private readonly Func<IReadOnlyList<string>> _poolFaults;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private CapacityEstimate _estimate;
    private bool _refused;

    public CapacityMonitor(
        AdmissionController admission, CapacityEstimator estimator, LoadProbe probe, AdmissionOptions options, Func<long> freeDiskMiB, Func<IReadOnlyList<string>> poolFaults, TimeProvider time,
        ILogger<CapacityMonitor> logger)
    {
        (_admission, _estimator, _probe, _options, _freeDiskMiB, _poolFaults, _time, _logger) = (admission, estimator, probe, options, freeDiskMiB, poolFaults, time, logger);
        _estimate = estimator.Start;
        // Before anybody is admitted.
        Measure();
    }

    /// <summary>The last one.</summary>
    public CapacityEstimate Estimate => Volatile.Read(ref _estimate);

    /// <summary>Of the data folder's disk, when it was last looked at.</summary>
    public long FreeDiskMiB { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Measure();
            }
            catch (Exception e)
            {
                // The loop's boundary: whatever a measurement broke on, interviews that run go on, and what was last known holds.
                LogNotMeasured(e);
            }
        }
    }

    private void Measure()
    {
        Volatile.Write(ref _estimate, _estimator.Add(_probe.Read()));
        try
        {
            FreeDiskMiB = _freeDiskMiB();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // How much there was a second ago is a better guess than none, and load is judged all the same.
            LogDiskNotMeasured(e);
        }

        _admission.Update(_options.JudgeLoad ? _estimate : null, FreeDiskMiB, _poolFaults());
        var faults = _admission.Faults();
        if (_refused == faults.Count > 0)
            return;
        _refused = faults.Count > 0;
        if (_refused)
            LogFull(faults[0]);
        else
            LogRoom(_admission.Capacity, _admission.Taken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "New interviews are refused from now on: {Reason}")]
    private partial void LogFull(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "New interviews are admitted again: {Capacity} can be held, {Taken} places are taken")]
    private partial void LogRoom(int capacity, int taken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The free space of the data folder's disk could not be measured")]
    private partial void LogDiskNotMeasured(Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The machine's load could not be measured")]
    private partial void LogNotMeasured(Exception fault);
}
