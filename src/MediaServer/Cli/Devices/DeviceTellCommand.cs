using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.Devices;

/// <summary><c>mediascore device tell</c>: a command for one device, and with <c>--wait</c> what became of it: no answer in that time is no.</summary>
internal sealed class DeviceTellCommand(CliConsole console) : AsyncCommand<TellSettings>
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    public override async Task<int> ExecuteAsync(CommandContext context, TellSettings settings, CancellationToken cancellationToken)
    {
        var body = new Dictionary<string, object?> { ["kind"] = settings.Kind };
        void Add(string name, object? value)
        {
            if (value is not null)
                body[name] = value;
        }

        Add("personNumber", settings.Person);
        Add("seconds", settings.Seconds);
        Add("door", settings.Door);
        Add("from", settings.From);
        Add("to", settings.To);
        Add("arguments", ArgumentsOf(settings));
        using var client = ConsoleClient.Open(settings);
        var device = ConsoleClient.Find(await client.DevicesAsync(cancellationToken), settings.Id).GetProperty("id").GetString();
        var command = await client.PostAsync($"devices/{device}/commands", body, cancellationToken);
        if (settings.Wait is { } seconds)
            command = await WaitAsync(client, device!, command, seconds, cancellationToken);
        var (state, result) = (command.GetProperty("state").GetString()!, command.GetProperty("result").GetString()!);
        var isUnanswered = settings.Wait is not null && IsOpen(state);
        if (settings.Json)
            console.WriteLine(command.GetRawText());
        else
            console.Out.MarkupLine($"Command {command.GetProperty("id").GetInt64()}, {settings.Kind.EscapeMarkup()}: {state}{(isUnanswered ? $", no answer within {settings.Wait} s; it may still be done" : result.Length > 0 ? ", " + result.EscapeMarkup() : "")}.");
        return (int)(isUnanswered || state is "failed" or "expired" ? ExitCode.No : ExitCode.Done);
    }

    /// <summary>The device has not answered yet.</summary>
    private static bool IsOpen(string? state) => state is "queued" or "sent";

    private static JsonElement? ArgumentsOf(TellSettings settings)
    {
        if (settings.Arguments is not { } text)
            return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException e)
        {
            throw new CliException(ExitCode.BadInput, $"--arguments is no JSON: {e.Message}", e);
        }
    }

    private static async Task<JsonElement> WaitAsync(ConsoleClient client, string device, JsonElement command, int seconds, CancellationToken cancellation)
    {
        var (id, until) = (command.GetProperty("id").GetInt64(), TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        while (IsOpen(command.GetProperty("state").GetString()) && TimeProvider.System.GetUtcNow() < until)
        {
            await Task.Delay(LookPeriod, TimeProvider.System, cancellation);
            var listed = (await client.GetAsync($"devices/{device}/commands", cancellation, ("count", "50"))).GetProperty("commands").EnumerateArray();
            command = listed.FirstOrDefault(one => one.GetProperty("id").GetInt64() == id) is { ValueKind: JsonValueKind.Object } found ? found : command;
        }

        return command;
    }
}
