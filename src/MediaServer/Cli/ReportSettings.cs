using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

internal class StoredInterviewSettings : CommonSettings
{
    [CommandArgument(0, "<ID>")]
    [Description("The interview's id.")]
    public string Id { get; init; } = "";
}

internal sealed class ReportSettings : StoredInterviewSettings
{
    [CommandOption("--html")]
    [Description("The report's page.")]
    public bool Html { get; init; }

    [CommandOption("--output <FILE>")]
    [Description("Write to this file: the JSON as it is stored, or with --html the page.")]
    public string? Output { get; init; }

    [CommandOption("--server <URL>")]
    [Description("Ask a running server (gRPC address) instead of the data folder; needs --token.")]
    public string? Server { get; init; }

    [CommandOption("--token <TOKEN>")]
    [Description("The interview's access token.")]
    public string? Token { get; init; }

    public override ValidationResult Validate() =>
        Server is not null && Token is null ? ValidationResult.Error("--server needs --token, the interview's access token") : base.Validate();
}
