using System.Text.Json;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.Simulation;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.Devices;

/// <summary><c>mediascore device simulate</c>: devices that are not there, towards a server that is.</summary>
internal sealed class SimulateCommand(CliConsole console) : AsyncCommand<SimulateSettings>
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    public override async Task<int> ExecuteAsync(CommandContext context, SimulateSettings settings, CancellationToken cancellationToken)
    {
        var (entry, order, length) = settings.Read();
        var run = new SimulationRun(entry, order, TimeProvider.System);
        if (settings.Json)
            console.WriteJson(new { @event = "started", protocol = entry.Name, server = order.Server, devices = order.Count, ratePerSecond = order.RatePerSecond, faces = order.Faces.Count });
        else
            console.Notes.MarkupLine($"{order.Count} x {entry.What.EscapeMarkup()}{(AreCalled(entry, order) ? "" : $" to [bold]{order.Server.ToString().EscapeMarkup()}[/]")}, {order.RatePerSecond:0.##} a second each{(length is null ? "; Ctrl+C ends it" : "")}");
        await WatchAsync(run, run.RunAsync(length, cancellationToken), settings.Json);
        return End(run.Totals(), entry, order, settings.Json);
    }

    private async Task WatchAsync(SimulationRun run, Task running, bool json)
    {
        if (json || !console.Notes.Profile.Capabilities.Interactive)
        {
            // A line a second is for a program; a log gets the totals.
            await EachSecondAsync(running, () =>
            {
                if (json)
                    console.WriteJson(LineOf("progress", run.Totals()));
            });
            return;
        }

        await console.Notes.Status().StartAsync("connecting", status => EachSecondAsync(running, () => status.Status(Describe(run.Totals()).EscapeMarkup())));
    }

    private static async Task EachSecondAsync(Task running, Action show)
    {
        using var timer = new PeriodicTimer(ProgressPeriod, TimeProvider.System);
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, timer.WaitForNextTickAsync().AsTask());
            show();
        }

        await running;
    }

    private int End(SimulationTotals totals, SimulatorEntry entry, SimulationOrder order, bool json)
    {
        if (json)
            console.WriteJson(LineOf("totals", totals));
        else
            Print(totals);
        if (totals.Fault is { } fault)
            throw new CliException(ExitCode.Fault, $"A simulated device broke down: {fault}");
        if (totals.Answered > 0)
        {
            // Others decide by themselves, or nothing is decided at them.
            if (totals.Decisions == 0 && entry.NeedsFaces && !json)
                console.Notes.MarkupLine("[yellow]note:[/] no decision came. Do the devices wait for approval? See /console/devices, or: mediascore device approve --pending");
            return (int)ExitCode.Done;
        }

        throw new CliException(
            ExitCode.ServerRefused,
            AreCalled(entry, order) ? "Nobody called the devices. Add them on the devices page, as docs/operations/devices.md says; a server that found nobody at their addresses before calls again within 75 s."
            : totals.Refused > 0 ? $"{order.Server} refused the devices. Do they wait for approval (mediascore device approve --pending), is their serial refused, or known by another key? See /console/devices, or mediascore device list."
            : totals.Sent > 0 ? $"{order.Server} answered nothing. Do the devices wait for approval? See /console/devices, or: mediascore device approve --pending"
            : $"{order.Server} cannot be reached.");
    }

    /// <summary>They go nowhere by themselves.</summary>
    private static bool AreCalled(SimulatorEntry entry, SimulationOrder order) => entry.Name == "isapi" && !order.Server.AbsolutePath.StartsWith(PushToken.PathPrefix, StringComparison.OrdinalIgnoreCase);

    private void Print(SimulationTotals totals)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        void Row(string what, string value) => table.AddRow(new Text(what), new Text(value));
        Row("time", $"{totals.Seconds:0.0} s, {totals.Devices} devices");
        Row("sent, answered", $"{totals.Sent}, {totals.Answered}{(totals.Resent > 0 ? $" ({totals.Resent} sent again)" : "")}");
        Row("refused, reconnected", $"{totals.Refused}, {totals.Reconnects}");
        Row("decisions", $"{totals.Decisions}{string.Concat(totals.Outcomes.Select(o => $"; {JsonNamingPolicy.KebabCaseLower.ConvertName(o.Key)} {o.Value}"))}");
        Row("people", $"recognised {totals.Recognised}; taken for another {totals.TakenForAnother}; enrolled and not recognised {totals.NotRecognised}");
        Row("frame to decision", totals.P50Ms is null ? "-" : $"p50 {totals.P50Ms} ms, p95 {totals.P95Ms} ms, p99 {totals.P99Ms} ms, longest {totals.MaxMs} ms");
        console.Out.Write(table);
    }

    private static string Describe(SimulationTotals totals) =>
        $"{TimeSpan.FromSeconds(totals.Seconds):m\\:ss}  sent {totals.Sent}, answered {totals.Answered}, refused {totals.Refused}, reconnects {totals.Reconnects}, decisions {totals.Decisions}"
        + (totals.P50Ms is null ? "" : $", p50 {totals.P50Ms} ms, p99 {totals.P99Ms} ms");

    private static object LineOf(string name, SimulationTotals totals) => new
    {
        @event = name,
        seconds = Math.Round(totals.Seconds, 1),
        totals.Devices,
        totals.Sent,
        totals.Answered,
        totals.Refused,
        totals.Reconnects,
        totals.Resent,
        totals.Decisions,
        totals.Outcomes,
        totals.Recognised,
        totals.TakenForAnother,
        totals.NotRecognised,
        totals.P50Ms,
        totals.P95Ms,
        totals.P99Ms,
        totals.MaxMs,
        totals.Fault,
    };
}
