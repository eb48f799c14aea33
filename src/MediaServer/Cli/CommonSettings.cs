using System.ComponentModel;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary>Options of every command.</summary>
internal class CommonSettings : CommandSettings
{
    [CommandOption("--json")]
    [Description("One JSON object a line on standard output, and nothing else there.")]
    public bool Json { get; init; }

    [CommandOption("--data <DIR>")]
    [Description("Folder of recordings, timelines, keys and the database (Server:DataFolder).")]
    public string? DataFolder { get; init; }

    [CommandOption("--models <DIR>")]
    [Description("Folder of prepared models (Models:Prepared; also the variable MEDIASCORE_MODELS).")]
    public string? ModelsFolder { get; init; }

    [CommandOption("--config <FILE>")]
    [Description("One more JSON file of settings (docs/configuration.md).")]
    public string? ConfigFile { get; init; }

    [CommandOption("--set <KEY=VALUE>")]
    [Description("One setting, for example --set Admission:MaxInterviews=50. May be repeated.")]
    public string[] Overrides { get; init; } = [];
}
