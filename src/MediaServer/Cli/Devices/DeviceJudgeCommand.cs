using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.Devices;

/// <summary><c>mediascore device approve</c> and <c>refuse</c>: a person's word about devices. Which of the two is the command's name.</summary>
internal sealed class DeviceJudgeCommand(CliConsole console) : AsyncCommand<JudgeSettings>
{
    public const string Approve = "approve";
    public const string Refuse = "refuse";

    public override async Task<int> ExecuteAsync(CommandContext context, JudgeSettings settings, CancellationToken cancellationToken)
    {
        using var client = ConsoleClient.Open(settings);
        var known = await client.DevicesAsync(cancellationToken);
        var chosen = settings.Pending ? known.Where(device => Of(device, "state") == "pending").ToList() : [];
        foreach (var name in settings.Ids)
            chosen.Add(ConsoleClient.Find(known, name));
        foreach (var device in chosen.DistinctBy(device => Of(device, "id")))
        {
            var now = await client.PostAsync($"devices/{Of(device, "id")}/{context.Name}", new { }, cancellationToken);
            if (settings.Json)
                console.WriteLine(now.GetRawText());
            else
                console.Out.MarkupLine($"{Of(now, "id").EscapeMarkup()} (serial {Of(now, "serial").EscapeMarkup()}) is {Of(now, "state").EscapeMarkup()}{KeyOf(now).EscapeMarkup()}.");
        }

        if (chosen.Count == 0 && !settings.Json)
            console.Out.MarkupLine("None waits.");
        return (int)ExitCode.Done;
    }

    /// <summary>So that it can be compared with what the device shows, also afterwards.</summary>
    private static string KeyOf(JsonElement device) => device.GetProperty("certificateKey").GetString() is { } fingerprint ? $"; its certificate has the key {fingerprint}" : "";

    private static string Of(JsonElement device, string name) => device.GetProperty(name).GetString() ?? "";
}
