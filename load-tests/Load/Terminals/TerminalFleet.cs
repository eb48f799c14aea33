using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.Load.Terminals;

/// <summary>Face terminals beside the interviews: people step in front of each one after another, without a pause between them, so that frames come at the rate that was asked for.</summary>
internal sealed class TerminalFleet : IAsyncDisposable
{
    // Somebody who walks up, is looked at, and goes through.
    private static readonly TimeSpan Stay = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<SimulatedTerminal> _terminals;
    private readonly Task _running;

    private TerminalFleet(IReadOnlyList<SimulatedTerminal> terminals)
    {
        _terminals = terminals;
        _running = Task.WhenAll(terminals.Select(terminal => Task.Run(() => terminal.RunAsync(_stop.Token))));
    }

    /// <summary>Frames of the whole run.</summary>
    public long Sent => _terminals.Sum(terminal => terminal.Counts.Sent);

    /// <summary>Frames of the whole run that were answered.</summary>
    public long Answered => _terminals.Sum(terminal => terminal.Counts.Answered);

    /// <summary>Connections that the server ended or turned away.</summary>
    public long Reconnects => _terminals.Sum(terminal => terminal.Counts.Reconnects);

    public static TerminalFleet Start(LoadOptions options, Uri server, IReadOnlyList<SimulatedFace> faces, IReadOnlySet<string> enrolled, TerminalAccount account, TimeProvider time)
    {
        var framesPerPass = Math.Max(1, (int)Math.Round(Stay.TotalSeconds * options.TerminalRate));
        return new TerminalFleet(
        [
            .. Enumerable.Range(1, options.Terminals).Select(number =>
            {
                var serial = FormattableString.Invariant($"LOAD-{number:000}");
                var plan = new TerminalPlan(server, serial, SimulationOrder.KeyOf(serial), faces, options.TerminalRate, framesPerPass)
                {
                    Tenant = FaceEnrolment.Tenant,
                    // The same people at the same doors in every run of a seed.
                    Seed = unchecked((options.Seed * 7919) + number),
                };
                return new SimulatedTerminal(plan, time, decision => account.Decided(decision, enrolled), account.Framed);
            }),
        ]);
    }

    /// <summary>Nobody steps in front of them any more.</summary>
    /// <exception cref="InvalidOperationException">One of them broke down meanwhile.</exception>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_running.Exception is { } fault)
            throw new InvalidOperationException($"A simulated terminal broke down: {fault.GetBaseException().Message}", fault);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var terminal in _terminals)
            terminal.Dispose();
        _stop.Dispose();
    }
}
