using System.Runtime.InteropServices;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Sessions;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Hosting;

/// <summary>
/// What signals do to the process. SIGTERM, the word of supervisors: nobody new is taken, who is in the middle of an interview may go on for
/// <see cref="ServerOptions.DrainSeconds"/>, then the server stops; a second one stops it at once. SIGINT and SIGQUIT, a person at the terminal: at once.
/// </summary>
internal sealed class StopSignals(IHostApplicationLifetime lifetime, InterviewConductor conductor, IOptions<ServerOptions> options) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly CancellationTokenSource _atOnce = new();
    private Task? _draining;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Take(signal, Terminate)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Take(signal, lifetime.StopApplication)));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, signal => Take(signal, lifetime.StopApplication)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What SIGTERM does.</summary>
    public void Terminate()
    {
        lock (_registrations)
        {
            if (_draining is null)
                _draining = DrainAsync();
            else
                _atOnce.Cancel();
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _atOnce.Dispose();
    }

    private async Task DrainAsync()
    {
        using var atOnce = CancellationTokenSource.CreateLinkedTokenSource(_atOnce.Token, lifetime.ApplicationStopping);
        try
        {
            await conductor.DrainAsync(TimeSpan.FromSeconds(options.Value.DrainSeconds), atOnce.Token);
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private static void Take(PosixSignalContext signal, Action action)
    {
        // Else the runtime ends the process when this returns.
        signal.Cancel = true;
        action();
    }
}
