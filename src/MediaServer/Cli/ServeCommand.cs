using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using Spectre.Console;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli;

/// <summary><c>mediascore serve</c>: the server, until it is told to stop. Its log goes to standard error.</summary>
internal sealed class ServeCommand(CliConsole console) : AsyncCommand<ServeSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, ServeSettings settings, CancellationToken cancellationToken)
    {
        var configuration = MediaScoreSettings.Build(settings);
        if (settings.HttpPort is { } http)
            configuration["Server:HttpPort"] = http.ToString();
        if (settings.GrpcPort is { } grpc)
            configuration["Server:GrpcPort"] = grpc.ToString();
        if (settings.HttpsPort is { } https)
            configuration["Server:HttpsPort"] = https.ToString();

        using var loggers = CliLogging.ForServer(configuration);
        await using var host = await MediaServerHost.StartAsync(configuration, loggers, TimeProvider.System, cancellationToken);
        var reasons = host.Readiness.Reasons();
        if (settings.Json)
        {
            console.WriteJson(new { @event = "listening", http = host.Addresses.Http, grpc = host.Addresses.Grpc, ready = reasons.Count == 0, reasons });
        }
        else
        {
            foreach (var reason in reasons)
                console.Out.MarkupLine($"[yellow]not ready:[/] {reason.EscapeMarkup()}");
            console.Out.MarkupLine($"Listening: pages [link]{host.Addresses.Http}[/], gRPC {host.Addresses.Grpc}. Try: [green]make demo-video && ./mediascore interview data/demo/demo-interview.mp4 --plan plans/store-manager.yaml --server {host.Addresses.Grpc}[/]");
        }

        await host.WaitForShutdownAsync(cancellationToken);
        return (int)ExitCode.Done;
    }
}
