using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Sessions.Capacity;

namespace MediaScore.MediaServer.Sessions;

/// <summary>
/// The one place that refuses interviews. It looks at the whole process, never at a single interview, and touches none that runs. What the machine holds comes in once a second
/// (<see cref="Update"/>); in between, each admitted interview takes a place of that at once, so that those who come together do not all get the last one. A refusal
/// reads two fields: no lock that somebody holds, no database, no allocation.
/// </summary>
/// <remarks>
/// Noise goes up and down, and interviews that an upward one let in stay: under a stream of requests, admitting at each good moment would end above the capacity. So once there is no
/// room, room must be there for <see cref="Hold"/> without a break, and for one more than comes, before anybody is admitted again.
/// </remarks>
/// <param name="countPlaces">Interviews that run or are about to, those that <see cref="TryReserve"/> admitted and that are not there yet left out.</param>
/// <param name="version">Changes when <paramref name="countPlaces"/> may.</param>
internal sealed class AdmissionController(AdmissionOptions options, Func<int> countPlaces, Func<int> version, TimeProvider time)
{
    /// <summary>As long as the window of the estimate: two that share no reading say the same.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(10);

    // Of the capacity; at 100 interviews two must go before one comes.
    private const double SpareShare = 0.02;

    // Those who were refused in one moment do not all come back in one.
    private const double RetrySpread = 0.25;

    private readonly Lock _gate = new();
    private Standing _standing = new(options.MaxInterviews, options.MaxInterviews, null, RefusalReason.None, "");
    private int _taken;
    private int _reserved;
    private int _counted = -1;
    private bool _closed;
    private long? _roomSince;

    /// <summary>Interviews at once: what is estimated, or the limit where that is lower.</summary>
    public int Capacity => Volatile.Read(ref _standing).Capacity;

    /// <summary>Places that are given away.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>What makes this node refuse for reasons of its own; empty while it is ready.</summary>
    public IReadOnlyList<string> Faults() => Volatile.Read(ref _standing) is { Closed: RefusalReason.None } ? [] : [Volatile.Read(ref _standing).Message];

    /// <summary>Would an interview be refused now? An admitted one has no place by this.</summary>
    public AdmissionDecision Look()
    {
        if (Judge() is { Admitted: false } refusal)
        {
            // Somebody may have gone since the places were counted. Who counts now answers for all.
            if (Volatile.Read(ref _counted) == version() || !_gate.TryEnter())
                return refusal;
            try
            {
                Count();
            }
            finally
            {
                _gate.Exit();
            }

            return Judge();
        }

        return default;
    }

    /// <summary>Takes a place.</summary>
    /// <param name="place">Null when refused.</param>
    public AdmissionDecision TryReserve(out PlaceReservation? place)
    {
        place = null;
        if (Look() is { Admitted: false } refusal)
            return refusal;
        lock (_gate)
        {
            // Those who came or went since they were counted: a server that starts again finds interviews after it has begun to count.
            if (_counted != version())
                Count();
            if (Judge() is { Admitted: false } late)
                return late;
            _reserved++;
            _taken++;
        }

        place = new PlaceReservation(Release);
        return default;
    }

    /// <summary>A new estimate, once a second.</summary>
    /// <param name="estimate">Null where load refuses nobody.</param>
    /// <param name="poolFaults">Why the inference pool answers nobody; empty while it does.</param>
    public void Update(CapacityEstimate? estimate, long freeDiskMiB, IReadOnlyList<string> poolFaults)
    {
        lock (_gate)
        {
            Count();
            var fits = estimate?.Interviews ?? options.MaxInterviews;
            var room = (int)Math.Min(fits, options.MaxInterviews);
            JudgeRoom(fits);
            var (closed, message) = (RefusalReason.None, "");
            if (freeDiskMiB < options.MinFreeDiskMiB)
                (closed, message) = (RefusalReason.DiskLow, $"{freeDiskMiB} MiB are free on the data folder's disk; {options.MinFreeDiskMiB} are needed (Admission:MinFreeDiskMiB).");
            else if (poolFaults.Count > 0)
                (closed, message) = (RefusalReason.PoolHangs, poolFaults[0]);
            else if (_closed)
                (closed, message) = (estimate!.Reason, Describe(room, estimate.Message) + (fits - _taken >= 1 ? $" That was so less than {Hold.TotalSeconds:0} s ago." : ""));
            Volatile.Write(ref _standing, new Standing(options.MaxInterviews, room, estimate, closed, message));
        }
    }

    private void JudgeRoom(double fits)
    {
        var room = fits - _taken;
        if (!_closed)
        {
            // The fixed limit closes nothing: a place that becomes free there is free.
            _closed = room < 1 && fits < options.MaxInterviews;
            _roomSince = null;
            return;
        }

        if (room < 1 + Math.Max(1, SpareShare * fits))
        {
            _roomSince = null;
            return;
        }

        _roomSince ??= time.GetTimestamp();
        if (time.GetElapsedTime(_roomSince.Value) >= Hold)
            (_closed, _roomSince) = (false, null);
    }

    private AdmissionDecision Judge()
    {
        var standing = Volatile.Read(ref _standing);
        if (standing.Closed != RefusalReason.None)
            return Refuse(standing.Closed, standing.Message);
        if (Volatile.Read(ref _taken) < standing.Capacity)
            return default;
        return standing.Capacity >= options.MaxInterviews || standing.Estimate is null
            ? Refuse(RefusalReason.TooManyInterviews, standing.WhenTooMany)
            : Refuse(standing.Estimate.Reason, standing.WhenFull);
    }

    private AdmissionDecision Refuse(RefusalReason reason, string message) =>
        new(reason, message, TimeSpan.FromSeconds(options.RetryAfterSeconds * (1 + (RetrySpread * Random.Shared.NextDouble()))));

    private void Count()
    {
        // The version first: what changes while it is counted is counted again.
        var now = version();
        Volatile.Write(ref _taken, countPlaces() + _reserved);
        Volatile.Write(ref _counted, now);
    }

    private void Release()
    {
        lock (_gate)
        {
            _reserved--;
            Count();
        }
    }

    private static string Describe(int capacity, string why) => $"This machine has room for {capacity} interviews like those that it holds, and they are here: {why}.";

    /// <summary>What is true until the next estimate. Its messages are made with it, not with each refusal.</summary>
    /// <param name="Closed">Why nobody is admitted, however many places there are.</param>
    private sealed record Standing(int MaxInterviews, int Capacity, CapacityEstimate? Estimate, RefusalReason Closed, string Message)
    {
        public string WhenTooMany { get; } = $"All places are taken; the limit is {MaxInterviews} (Admission:MaxInterviews).";

        public string WhenFull { get; } = Estimate is null ? "" : Describe(Capacity, Estimate.Message);
    }
}
