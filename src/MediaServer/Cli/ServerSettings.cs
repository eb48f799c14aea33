using System.ComponentModel;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

internal sealed class ServeSettings : CommonSettings
{
    [CommandOption("--http-port <PORT>")]
    [Description("Port of pages, health and metrics (Server:HttpPort).")]
    public int? HttpPort { get; init; }

    [CommandOption("--grpc-port <PORT>")]
    [Description("Port of gRPC (Server:GrpcPort).")]
    public int? GrpcPort { get; init; }

    [CommandOption("--https-port <PORT>")]
    [Description("Port of pages over HTTPS (Server:HttpsPort); -1 turns it off.")]
    public int? HttpsPort { get; init; }

    [CommandOption("--lan")]
    [Description("Opens HTTPS and WebRTC to the network (Server:HttpsAddress, WebRtc:Address); pages without TLS and gRPC stay on Server:Address.")]
    public bool Lan { get; init; }

    [CommandOption("--demo")]
    [Description("Invites somebody to a demo interview (plan store-manager) and prints the links.")]
    public bool Demo { get; init; }
}

/// <summary>Options of commands that send media.</summary>
internal class ClientSettings : CommonSettings
{
    [CommandOption("--server <URL>")]
    [Description("gRPC address of a running server, for example http://127.0.0.1:5081. Without it a server is started inside.")]
    public string? Server { get; init; }

    [CommandOption("--language <TAG>")]
    [Description("What is spoken, BCP 47. Default: the plan's first language.")]
    public string Language { get; init; } = "";

    [CommandOption("--recognizer <TIER>")]
    [Description("default, accurate, or refined: the larger model hears it again after the end.")]
    public string Recognizer { get; init; } = "";

    [CommandOption("--stats")]
    [Description("CPU seconds per second of media, by stage, at the end (only with the server inside).")]
    public bool Stats { get; init; }
}
