using System.Net.Sockets;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using MediaScore.Protocol.Interview.V1;
using MediaScore.WebRtc;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore serve</c>: the server, until it is told to stop. Its log goes to standard error.</summary>
internal sealed class ServeCommand(CliConsole console) : AsyncCommand<ServeSettings>
{
    private const string DemoPlan = "store-manager";

    public override async Task<int> ExecuteAsync(CommandContext context, ServeSettings settings, CancellationToken cancellationToken)
    {
        var configuration = Configure(settings);
        using var loggers = CliLogging.ForServer(configuration);
        await using var host = await MediaServerHost.StartAsync(configuration, loggers, TimeProvider.System, cancellationToken);
        var reasons = host.Readiness.Reasons();
        CreateInterviewResponse? demo = null;
        if (settings.Demo)
        {
            try
            {
                demo = await InviteAsync(host, cancellationToken);
            }
            catch (CliException e)
            {
                // The server runs, and says below what it lacks.
                console.Notes.MarkupLine($"[yellow]no demo interview:[/] {e.Message.EscapeMarkup()}");
            }
        }

        var links = new ServeLinks(host, demo);
        if (settings.Json)
        {
            console.WriteJson(links.ToJson(reasons));
        }
        else
        {
            foreach (var reason in reasons)
                console.Out.MarkupLine($"[yellow]not ready:[/] {reason.EscapeMarkup()}");
            links.Print(console, DemoPlan);
        }

        await host.WaitForShutdownAsync(cancellationToken);
        return (int)ExitCode.Done;
    }

    private static IConfigurationRoot Configure(ServeSettings settings)
    {
        var configuration = MediaScoreSettings.Build(settings);
        if (settings.HttpPort is { } http)
            configuration["Server:HttpPort"] = http.ToString();
        if (settings.GrpcPort is { } grpc)
            configuration["Server:GrpcPort"] = grpc.ToString();
        if (settings.HttpsPort is { } https)
            configuration["Server:HttpsPort"] = https.ToString();
        if (settings.Lan)
        {
            // What has TLS or DTLS; pages without it and gRPC stay where they are.
            var every = Socket.OSSupportsIPv6 ? "::" : "0.0.0.0";
            configuration["Server:HttpsAddress"] = every;
            configuration[$"{RtcOptions.Section}:{nameof(RtcOptions.Address)}"] = every;
        }

        return configuration;
    }

    /// <summary>The way of everybody's invitation: gRPC.</summary>
    private static async Task<CreateInterviewResponse> InviteAsync(MediaServerHost host, CancellationToken cancellation)
    {
        await using var server = ConnectedServer.Connect(host.Addresses.Grpc);
        return await server.CreateAsync(new CreateInterviewRequest { Tenant = "local", PlanId = DemoPlan, CandidateReference = "demo", CandidateConsents = true }, cancellation);
    }
}
