using MediaScore.DeviceStreams.ZkPush;
using MediaScore.DeviceStreams.ZkPush.Simulator;
using MediaScore.Storage.Devices;

namespace MediaScore.EndToEnd.Tests.Devices.Feeds;

/// <summary>A ZKTeco terminal: keeps its log until the server's answer is the one that its firmware knows.</summary>
internal sealed class ZkFeed(Uri server, string serial, ZkDialect dialect) : DeviceFeed(serial)
{
    private const string Person = "4711";

    // Few lines a body, so that a kill falls between bodies and into them.
    private readonly ZkTerminal _terminal = new(new ZkTerminalPlan(server, serial, dialect) { EventsPerSecond = 0, LinesAtOnce = 5, Seed = 1 }, TimeProvider.System);

    private long _happened;

    public override long HappenedCount => _happened;

    public override bool IsOurs(DeviceEventRow row) => row.PersonNumber == Person && row.Method == "face";

    /// <summary>A terminal has no two events of one person in the same second.</summary>
    public override string KeyOf(DeviceEventRow row) => $"{row.PersonNumber} {row.DeviceTime}";

    public override async Task RunAsync(Task over, CancellationToken cancellation)
    {
        while (true)
        {
            var isOver = over.IsCompleted;
            if (!isOver)
            {
                _terminal.Punch(Person);
                _happened++;
            }

            var turn = await _terminal.TurnAsync(cancellation);
            if (isOver && _terminal.IsAtRest)
                return;
            await Task.Delay(turn == ZkTurn.Failed ? BackOff : Pause, TimeProvider.System, cancellation);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _terminal.Dispose();
        return base.DisposeAsync();
    }
}
