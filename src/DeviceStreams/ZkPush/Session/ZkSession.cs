using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Commands;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>One approved terminal as the process knows it. Its connections come and go, and several may be open at once. Thread-safe.</summary>
internal sealed class ZkSession : IDisposable
{
    private const int ChineseMenu = 83;

    private readonly DeviceRegistry _registry;
    private readonly string _serverZone;
    private readonly bool _writesGbk;
    private readonly SemaphoreSlim _changing = new(1);
    private volatile ZkTerminalState _state;
    private volatile ZkClock? _clock;
    private string _clockZone = "";

    public ZkSession(Device device, DeviceRegistry registry, RequestBudget budget, PacketBudget packets, string serverZone, bool writesGbk, TimeProvider time)
    {
        (Device, _registry, Budget, _serverZone, _writesGbk) = (device, registry, budget, serverZone, writesGbk);
        _state = ZkTerminalState.Parse(device.Row.Cursor);
        Unreadable = new RequestBudget(UnreadablePerMinute, time);
        Packets = new QueryPackets(packets);
    }

    /// <summary>Lines that cannot be read are kept, so many a minute: a terminal gone mad must not fill the disk.</summary>
    public const int UnreadablePerMinute = 30;

    public Device Device { get; }

    public RequestBudget Budget { get; }

    public RequestBudget Unreadable { get; }

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

    /// <summary><c>DeviceType</c> of its handshake: <c>att</c>, <c>acc</c>, <c>pid</c>; empty: not said since the process began.</summary>
    public string DeviceType { get; set; } = "";

    public ZkTerminalState State => _state;

    public ZkDialect Dialect => _state.Dialect ?? (Device.Row.Protocol == DeviceProtocol.ZkAccess ? ZkDialect.Access : ZkDialect.Attendance);

    public ZkEncoding Encoding => _writesGbk ? ZkEncoding.Gbk : _state.Language == ChineseMenu ? ZkEncoding.Chinese : ZkEncoding.ByValidity;

    /// <summary>As its zone and the last handshake make it.</summary>
    public ZkClock Clock
    {
        get
        {
            var zone = Device.Row.TimeZone.Length > 0 ? Device.Row.TimeZone : _serverZone;
            if (_clock is { } clock && _clockZone == zone)
                return clock;
            var state = _state;
            var sent = state.OffsetMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : (TimeSpan?)null;
            _clockZone = zone;
            return _clock = new ZkClock(FindZone(zone), sent, state.OffsetGivenAt ?? DateTimeOffset.MaxValue);
        }
    }

    /// <summary>Changes what has to survive a restart, and stores it where that is new.</summary>
    public async Task ChangeAsync(Func<ZkTerminalState, ZkTerminalState> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
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
            _clock = null;
        }
        finally
        {
            _changing.Release();
        }
    }

    public void Dispose() => _changing.Dispose();

    private TimeZoneInfo FindZone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) || TimeZoneInfo.TryFindSystemTimeZoneById(_serverZone, out zone) ? zone : TimeZoneInfo.Utc;
}
