using System.ComponentModel;
using MediaScore.MediaServer.Cli.Streaming;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary>How fast a file is sent.</summary>
internal enum Speed
{
    Realtime,
    Max,
}

internal sealed class InterviewSettings : ClientSettings
{
    [CommandArgument(0, "<FILE>")]
    [Description("Any file with sound or pictures that FFmpeg reads. FILE.stages.yaml beside it says which part answers which question.")]
    public string File { get; init; } = "";

    [CommandOption("--plan <PLAN>")]
    [Description("A plan's file, or the id of a plan that the server has.")]
    public string Plan { get; init; } = "";

    [CommandOption("--speed <SPEED>")]
    [Description("realtime: as it was recorded. max: as fast as the server takes it.")]
    [DefaultValue(Speed.Realtime)]
    public Speed Speed { get; init; }

    [CommandOption("--video-codec <CODEC>")]
    [Description("vp8, h264 or jpeg: what pictures are sent as.")]
    [DefaultValue(PictureCodec.Vp8)]
    public PictureCodec VideoCodec { get; init; }

    [CommandOption("--consent <LIST>")]
    [Description("What the candidate agreed to: audio,video,transcript,prosody,face-presence,gaze,text (the default), also expression, face-identity.")]
    public string? Consent { get; init; }

    [CommandOption("--policy <NAME>")]
    [Description("Policy profile: default, eu, cn, us-il, us-nyc.")]
    public string Policy { get; init; } = "";

    [CommandOption("--candidate <REFERENCE>")]
    [Description("The caller's own reference to the candidate; not a name.")]
    public string Candidate { get; init; } = "";

    [CommandOption("--tenant <TENANT>")]
    [Description("Whose interview it is.")]
    [DefaultValue("local")]
    public string Tenant { get; init; } = "local";

    [CommandOption("--report <FILE>")]
    [Description("Where the report's page is written. Default: FILE.report.html in the working directory.")]
    public string? Report { get; init; }

    public override ValidationResult Validate() =>
        Plan.Length == 0 ? ValidationResult.Error("--plan is missing; for example --plan plans/store-manager.yaml") : base.Validate();
}
