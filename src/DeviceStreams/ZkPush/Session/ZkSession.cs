using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Commands;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>One approved terminal as the process knows it. Its connections come and go, and several may be open at once. Thread-safe; dispose it where it is forgotten.</summary>
internal sealed class ZkSession : IDisposable
{
    private const int ChineseMenu = 83;

    // An upload, a photo, a poll, and one that the terminal has given up and the server has not.
    private const int MaxRequestsAtOnce = 4;

    private readonly DeviceRegistry _registry;
    private readonly string _serverZone;
    private readonly bool _writesGbk;
    private volatile ZkTerminalState _state;
    private volatile KnownClock? _clock;
    private int _requestCount;

    public ZkSession(Device device, DeviceRegistry registry, TokenBucket budget, ByteBudget packets, string serverZone, bool writesGbk, TimeProvider time)
    {
        (Device, _registry, Budget, _serverZone, _writesGbk) = (device, registry, budget, serverZone, writesGbk);
        _state = ZkTerminalState.Parse(device.Row.Cursor);
        Unreadable = new TokenBucket(UnreadablePerMinute / 60.0, UnreadablePerMinute, time);
        Packets = new QueryPackets(packets);
    }

    /// <summary>Lines that cannot be read are kept, so many a minute: a terminal gone mad must not fill the disk.</summary>
    public const int UnreadablePerMinute = 30;

    public Device Device { get; }

    /// <summary>Its requests.</summary>
    public TokenBucket Budget { get; }

    /// <summary>Its lines that cannot be read and are kept.</summary>
    public TokenBucket Unreadable { get; }

    /// <summary>Commands on their way.</summary>
    public ZkCommandProgress Progress { get; } = new();

    /// <summary>Answers to queries that come in parts.</summary>
    public QueryPackets Packets { get; }

    /// <summary>The last state of its doors; null: none since the process began.</summary>
    public string? DoorState { get; set; }

    /// <summary>Minutes of the offset that a command under way will give it: it is not queued twice.</summary>
    public int? ClockQueuedFor { get; set; }

    /// <summary>How far its clock was ahead (behind: below zero) of ours when it last said something of now; null: as it should be, or it said nothing.</summary>
    public TimeSpan? ClockAhead { get; set; }

    /// <summary>When a command to mend its clock was last queued because of that.</summary>
    public DateTimeOffset? ClockMendedAt { get; set; }

    /// <summary>It was asked for its whole log since the process began.</summary>
    public bool IsAskedForAll { get; set; }

    public ZkTerminalState State => _state;

    public ZkDialect Dialect => _state.Dialect ?? (Device.Row.Protocol == DeviceProtocol.ZkAccess ? ZkDialect.Access : ZkDialect.Attendance);

    public ZkEncoding Encoding => _writesGbk ? ZkEncoding.Gbk : _state.Language == ChineseMenu ? ZkEncoding.Chinese : ZkEncoding.ByValidity;

    /// <summary>As its zone and the last handshake make it.</summary>
    public ZkClock Clock
    {
        get
        {
            var (zone, state) = (Device.Row.TimeZone, _state);
            if (_clock is { } known && known.Zone == zone && ReferenceEquals(known.State, state))
                return known.Clock;
            var sent = state.OffsetMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : (TimeSpan?)null;
            var clock = new ZkClock(Device.Zone(_serverZone), sent, state.OffsetGivenAt ?? DateTimeOffset.MaxValue);
            _clock = new KnownClock(zone, state, clock);
            return clock;
        }
    }

    // Its handle is never asked for, so there is nothing of it to dispose of; and whoever waits for it may go on.
    private SemaphoreSlim Changing { get; } = new(1);

    /// <summary>A request begins: call <see cref="End"/> behind it.</summary>
    /// <returns>False where too many are under way.</returns>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _requestCount) <= MaxRequestsAtOnce)
            return true;
        End();
        return false;
    }

    public void End() => Interlocked.Decrement(ref _requestCount);

    /// <summary>Changes what has to survive a restart, and stores it where that is new.</summary>
    public async Task ChangeAsync(Func<ZkTerminalState, ZkTerminalState> change, CancellationToken cancellationToken)
    {
        await Changing.WaitAsync(cancellationToken);
        try
        {
            var before = _state;
            var after = change(before);
            if (after == before)
                return;
            // A handshake that says what the last one said changes nothing that a restart would miss.
            if (after with { OffsetGivenAt = before.OffsetGivenAt } != before || before.OffsetGivenAt is null)
                await _registry.ChangeAsync(Device.Id, row => row.Cursor = after.ToCursor(), announce: false, cancellationToken);
            _state = after;
        }
        finally
        {
            Changing.Release();
        }
    }

    public void Dispose() => Packets.Close();

    /// <summary>A clock, and of what it was made.</summary>
    private sealed record KnownClock(string Zone, ZkTerminalState State, ZkClock Clock);
}
