using System.Collections.Concurrent;

namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>Commands that one terminal was told and has not answered to the end. What is lost with the process is told again from the first step. Thread-safe.</summary>
internal sealed class ZkCommandProgress
{
    // A poll hands out a dozen at most, and they expire.
    private const int MaxCommands = 1_000;

    private readonly ConcurrentDictionary<long, InFlight> _commands = new();

    public void Begin(long id, ZkCommand command, DateTimeOffset expiresAt)
    {
        if (_commands.Count >= MaxCommands)
        {
            foreach (var old in _commands.OrderBy(known => known.Value.ExpiresAt).Take(MaxCommands / 2))
                _commands.TryRemove(old);
        }

        _commands[id] = new InFlight(command, Step: 0, IsReady: false, expiresAt);
    }

    public InFlight? Find(long id) => _commands.GetValueOrDefault(id);

    public void End(long id) => _commands.TryRemove(id, out _);

    /// <summary>The step is done; the next is told at the next poll.</summary>
    /// <param name="told">As it was found: of two results of one step the second changes nothing.</param>
    /// <returns>False where that was the last.</returns>
    public bool Advance(long id, InFlight told)
    {
        if (told.Step + 1 >= told.Command.Steps.Count)
            return false;
        _commands.TryUpdate(id, told with { Step = told.Step + 1, IsReady = true }, told);
        return true;
    }

    /// <summary>Steps that may be told now, each once, in the order of their commands.</summary>
    public IReadOnlyList<(long Id, InFlight Command)> TakeReady(DateTimeOffset now)
    {
        foreach (var late in _commands.Where(known => known.Value.ExpiresAt <= now))
            _commands.TryRemove(late);
        var ready = new List<(long, InFlight)>();
        foreach (var (id, command) in _commands.Where(known => known.Value.IsReady).OrderBy(known => known.Key))
        {
            var told = command with { IsReady = false };
            if (_commands.TryUpdate(id, told, command))
                ready.Add((id, told));
        }

        return ready;
    }

    /// <param name="Step">Index of the step that was told, or is to be told next.</param>
    /// <param name="IsReady">It has not been told yet.</param>
    internal sealed record InFlight(ZkCommand Command, int Step, bool IsReady, DateTimeOffset ExpiresAt)
    {
        public ZkCommandStep Current => Command.Steps[Step];
    }
}
