using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

internal sealed class TranscribeSettings : ClientSettings
{
    [CommandArgument(0, "<FILE>")]
    [Description("Files with sound, whatever FFmpeg reads.")]
    public string[] Files { get; init; } = [];

    [CommandOption("--jobs <COUNT>")]
    [Description("Files at a time.")]
    [DefaultValue(4)]
    public int Jobs { get; init; } = 4;

    public override ValidationResult Validate() => Jobs is >= 1 and <= 64 ? base.Validate() : ValidationResult.Error($"--jobs is {Jobs}; it must lie between 1 and 64");
}
