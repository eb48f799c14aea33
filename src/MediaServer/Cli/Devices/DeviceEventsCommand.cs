using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.Devices;

/// <summary><c>mediascore device events</c>: what happened at devices, the latest first, or all of it as a table in a file.</summary>
internal sealed class DeviceEventsCommand(CliConsole console) : AsyncCommand<EventsSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, EventsSettings settings, CancellationToken cancellationToken)
    {
        using var client = ConsoleClient.Open(settings);
        (string, string?)[] filter =
        [
            ("device", await DeviceAsync(client, settings, cancellationToken)), ("person", settings.Person), ("kind", settings.Kind), ("outcome", settings.Outcome), ("from", settings.From),
            ("to", settings.To), ("zone", settings.Zone),
        ];
        if (settings.Csv is { } file)
        {
            var bytes = await client.SaveAsync("events.csv", file, cancellationToken, filter);
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

        if (events.Count == 0)
        {
            console.Out.MarkupLine("No event fits.");
            return (int)ExitCode.Done;
        }

        // What was asked for in local times is shown in them; the server has looked at the name.
        var zone = settings.Zone is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var known) ? known : TimeZoneInfo.Utc;
        var table = new Table().Border(TableBorder.Rounded).AddColumns($"When ({zone.Id.EscapeMarkup()})", "Who", "Where", "What", "Similarity", "Alive", "Why");
        foreach (var happened in events)
        {
            table.AddRow(
                new Text(TimeZoneInfo.ConvertTime(happened.GetProperty("occurredAt").GetDateTimeOffset(), zone).ToString("yyyy-MM-dd HH:mm:ss")),
                new Text(string.Join(" ", new[] { Of(happened, "personNumber"), Of(happened, "personName") }.Where(text => text.Length > 0))),
                new Text(Of(happened, "device")), new Text(Of(happened, "outcome") is not "none" and var outcome ? outcome : Of(happened, "kind")),
                new Text(Number(happened, "similarity")), new Text(Number(happened, "liveness")), new Text(Of(happened, "reason")));
        }

        console.Out.Write(table);
        return (int)ExitCode.Done;
    }

    /// <summary>Events know devices by their ids; people know them by their serials. What is neither may be a device that was removed: its events are still there.</summary>
    private static async Task<string?> DeviceAsync(ConsoleClient client, EventsSettings settings, CancellationToken cancellation) => settings.Device switch
    {
        null => null,
        var id when id.StartsWith("dev-", StringComparison.Ordinal) => id,
        var serial => ConsoleClient.Find(await client.DevicesAsync(cancellation), serial).GetProperty("id").GetString(),
    };

    private static string Of(JsonElement happened, string name) => happened.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static string Number(JsonElement happened, string name) => happened.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble().ToString("0.00") : "";
}
