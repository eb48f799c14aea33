using System.Runtime.InteropServices;
using MediaScore.Load;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};

// As a time limit ends it: the server is a process of its own and would stay.
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    interrupted.Cancel();
});

try
{
    return await new LoadCommand(Console.Out, Console.Error, TimeProvider.System).RunAsync(args, interrupted.Token);
}
catch (Exception e) when (interrupted.IsCancellationRequested && RunFault.Is(e))
{
    // Whatever was waiting says so in its own way.
    await Console.Error.WriteLineAsync("Interrupted; the run that was under way has written no row.");
    return 130;
}
catch (Exception e) when (e is FormatException || RunFault.Is(e))
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
