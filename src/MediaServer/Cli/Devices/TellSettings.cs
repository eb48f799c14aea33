using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.Devices;

internal sealed class TellSettings : ConsoleSettings
{
    private const int LongestWaitS = 3_600;

    [CommandArgument(0, "<ID>")]
    [Description("Id or serial of the device.")]
    public string Id { get; init; } = "";

    [CommandArgument(1, "<KIND>")]
    [Description("open-door, enrol, delete, time-sync, settings, fetch-logs, or what its protocol alone knows (docs/operations/zkteco.md, hikvision.md).")]
    public string Kind { get; init; } = "";

    [CommandOption("--person <NUMBER>")]
    [Description("Of enrol and delete.")]
    public string? Person { get; init; }

    [CommandOption("--seconds <N>")]
    [Description("How long a door stays open, or a terminal looks for the person to enrol.")]
    public int? Seconds { get; init; }

    [CommandOption("--door <N>")]
    [Description("Of open-door at a ZKTeco access device with several.")]
    public int? Door { get; init; }

    [CommandOption("--from <TIME>")]
    [Description("Of fetch-logs, with its offset: 2026-11-26T08:00:00Z.")]
    public string? From { get; init; }

    [CommandOption("--to <TIME>")]
    [Description("Of fetch-logs, with its offset.")]
    public string? To { get; init; }

    [CommandOption("--arguments <JSON>")]
    [Description("What a kind of one protocol needs, as a JSON object.")]
    public string? Arguments { get; init; }

    [CommandOption("--wait <S>")]
    [Description("Waits so many seconds for the device's answer; status 1 where it failed or none came.")]
    public int? Wait { get; init; }

    public override ValidationResult Validate() =>
        Wait is < 1 or > LongestWaitS ? ValidationResult.Error($"--wait: 1 to {LongestWaitS} seconds") : base.Validate();
}
