using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.Devices;

/// <summary><c>mediascore device list</c>: the devices of a running server.</summary>
internal sealed class DeviceListCommand(CliConsole console) : AsyncCommand<ConsoleSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ConsoleSettings settings, CancellationToken cancellationToken)
    {
        using var client = ConsoleClient.Open(settings);
        var devices = await client.DevicesAsync(cancellationToken);
        if (settings.Json)
        {
            foreach (var device in devices)
                console.WriteLine(device.GetRawText());
            return (int)ExitCode.Done;
        }

        if (devices.Count == 0)
        {
            console.Out.MarkupLine("No device has come yet.");
            return (int)ExitCode.Done;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("Id", "Serial", "Name", "Protocol", "State", "Last heard (UTC)", "Waits in it", "Firmware");
        foreach (var device in devices)
        {
            table.AddRow(
                new Text(Of(device, "id")), new Text(Of(device, "serial")), new Text(Of(device, "name")), new Text(Of(device, "protocol")), StateOf(device),
                new Text(device.GetProperty("seenAt").ValueKind is JsonValueKind.String ? device.GetProperty("seenAt").GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss") : "never"),
                new Text(device.GetProperty("queued").GetRawText()), new Text(Of(device, "firmware")));
        }

        console.Out.Write(table);
        foreach (var device in devices.Where(device => Of(device, "state") == "pending" && device.GetProperty("certificateKey").ValueKind is JsonValueKind.String))
            console.Out.WriteLine($"{Of(device, "serial")} shows a certificate with the key {Of(device, "certificateKey")}");
        if (devices.Any(device => Of(device, "state") == "pending"))
            console.Out.MarkupLine("Approve those that wait: [green]mediascore device approve ID[/]");
        return (int)ExitCode.Done;
    }

    private static string Of(JsonElement device, string name) => device.GetProperty(name).GetString() ?? "";

    private static Markup StateOf(JsonElement device) => new(Of(device, "state") switch
    {
        "pending" => "[yellow]waits[/]",
        "refused" => "[red]refused[/]",
        _ => device.GetProperty("online").GetBoolean() ? "[green]online[/]" : "offline",
    });
}
