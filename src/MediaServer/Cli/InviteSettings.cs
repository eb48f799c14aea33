using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

internal sealed class InviteSettings : CommonSettings
{
    [CommandOption("--plan <PLAN>")]
    [Description("A plan's file, or the id of a plan that the server has.")]
    public string Plan { get; init; } = "";

    [CommandOption("--language <TAG>")]
    [Description("What the candidate will speak, BCP 47. Default: the plan's first language.")]
    public string Language { get; init; } = "";

    [CommandOption("--policy <NAME>")]
    [Description("Policy profile: default, eu, cn, us-il, us-nyc.")]
    public string Policy { get; init; } = "";

    [CommandOption("--recognizer <TIER>")]
    [Description("default, accurate, or refined: the larger model hears it again after the end.")]
    public string Recognizer { get; init; } = "";

    [CommandOption("--reference <REFERENCE>")]
    [Description("The caller's own reference to the candidate; not a name.")]
    public string Reference { get; init; } = "";

    [CommandOption("--tenant <TENANT>")]
    [Description("Whose interview it is.")]
    [DefaultValue("local")]
    public string Tenant { get; init; } = "local";

    [CommandOption("--server <URL>")]
    [Description("gRPC address of the running server.")]
    [DefaultValue("http://127.0.0.1:5081")]
    public string Server { get; init; } = "http://127.0.0.1:5081";

    public override ValidationResult Validate() =>
        Plan.Length == 0 ? ValidationResult.Error("--plan is missing; for example --plan store-manager") : base.Validate();
}
