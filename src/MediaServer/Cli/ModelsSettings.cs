using System.ComponentModel;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

internal class ModelsSettings : CommonSettings
{
    [CommandArgument(0, "[ID]")]
    [Description("Models to take, by their ids in models/catalog.json; all without one.")]
    public string[] Ids { get; init; } = [];
}

internal sealed class ModelsPrepareSettings : ModelsSettings
{
    [CommandOption("--from <DIR>")]
    [Description("Take the packages (npm .tgz, NuGet .nupkg) from this folder instead of a network.")]
    public string? From { get; init; }
}
