using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.Devices;

/// <summary>Options of commands that ask a running server's console.</summary>
internal class ConsoleSettings : CommonSettings
{
    [CommandOption("--server <URL>")]
    [Description("Address of the running server's pages.")]
    [DefaultValue("http://127.0.0.1:5080")]
    public string Server { get; init; } = "http://127.0.0.1:5080";

    [CommandOption("--token-file <FILE>")]
    [Description("File with the console's token. Default: console-token in the data folder.")]
    public string? TokenFile { get; init; }

    [CommandOption("--tenant <TENANT>")]
    [Description("Whose devices. Default: the server's (Devices:Tenant).")]
    public string? Tenant { get; init; }
}

internal sealed class JudgeSettings : ConsoleSettings
{
    [CommandArgument(0, "[ID]")]
    [Description("Ids or serials of devices.")]
    public string[] Ids { get; init; } = [];

    [CommandOption("--pending")]
    [Description("All that wait.")]
    public bool Pending { get; init; }

    public override ValidationResult Validate() =>
        Ids.Length == 0 && !Pending ? ValidationResult.Error("Which? Give ids or serials (mediascore device list), or --pending for all that wait.") : base.Validate();
}

internal sealed class EventsSettings : ConsoleSettings
{
    [CommandOption("--device <ID>")]
    [Description("Of one device: its id or serial.")]
    public string? Device { get; init; }

    [CommandOption("--person <NUMBER>")]
    [Description("Of one person.")]
    public string? Person { get; init; }

    [CommandOption("--kind <KIND>")]
    [Description("access, attendance, door, alarm, device, sensor.")]
    public string? Kind { get; init; }

    [CommandOption("--outcome <OUTCOME>")]
    [Description("granted, denied, not-recognised, spoof, timed-out, not-assessed, none.")]
    public string? Outcome { get; init; }

    [CommandOption("--from <TIME>")]
    [Description("A day, or a local time of --zone: 2026-11-26, 2026-11-26T08:00.")]
    public string? From { get; init; }

    [CommandOption("--to <TIME>")]
    [Description("Until then; a day means all of it.")]
    public string? To { get; init; }

    [CommandOption("--zone <NAME>")]
    [Description("IANA name of the zone of times, in the question and in the answer. Default: the server's (Devices:TimeZone); the list is in UTC then.")]
    public string? Zone { get; init; }

    [CommandOption("--count <N>")]
    [Description("The latest so many, 1 to 500.")]
    [DefaultValue(20)]
    public int Count { get; init; } = 20;

    [CommandOption("--csv <FILE>")]
    [Description("All that fit, as a table for spreadsheets, into a file of the user's own (mode 0600).")]
    public string? Csv { get; init; }
}
