using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.Devices;

/// <summary><c>mediascore device events</c>: what happened at devices, the latest first, or all of it as a table in a file.</summary>
internal sealed class DeviceEventsCommand(CliConsole console) : AsyncCommand<EventsSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, EventsSettings settings, CancellationToken cancellationToken)
    {
        (string, string?)[] filter =
        [
            ("device", settings.Device), ("person", settings.Person), ("kind", settings.Kind), ("outcome", settings.Outcome), ("from", settings.From), ("to", settings.To),
            ("zone", settings.Zone),
        ];
        using var client = ConsoleClient.Open(settings);
        if (settings.Csv is { } file)
        {
            var bytes = await SaveAsync(client, file, filter, cancellationToken);
            if (settings.Json)
                console.WriteJson(new { file = Path.GetFullPath(file), bytes });
            else
                console.Out.MarkupLine($"{Path.GetFullPath(file).EscapeMarkup()}: {bytes} bytes.");
            return (int)ExitCode.Done;
        }

        var events = (await client.GetAsync("events", cancellationToken, [.. filter, ("count", settings.Count.ToString())])).GetProperty("events").EnumerateArray().ToList();
        if (settings.Json)
        {
            foreach (var happened in events)
                console.WriteLine(happened.GetRawText());
            return (int)ExitCode.Done;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("When (UTC)", "Who", "Where", "What", "Similarity", "Alive", "Why");
        foreach (var happened in events)
        {
            table.AddRow(
                new Text(happened.GetProperty("occurredAt").GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss")),
                new Text(string.Join(" ", new[] { Of(happened, "personNumber"), Of(happened, "personName") }.Where(text => text.Length > 0))),
                new Text(Of(happened, "device")), new Text(Of(happened, "outcome") is not "none" and var outcome ? outcome : Of(happened, "kind")),
                new Text(Number(happened, "similarity")), new Text(Number(happened, "liveness")), new Text(Of(happened, "reason")));
        }

        console.Out.Write(table);
        return (int)ExitCode.Done;
    }

    private static async Task<long> SaveAsync(ConsoleClient client, string file, (string, string?)[] filter, CancellationToken cancellation)
    {
        // Who came when is for its reader's eyes alone.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var target = new FileStream(file, options);
        return await client.SaveAsync("events.csv", target, cancellation, filter);
    }

    private static string Of(JsonElement happened, string name) => happened.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static string Number(JsonElement happened, string name) => happened.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble().ToString("0.00") : "";
}
