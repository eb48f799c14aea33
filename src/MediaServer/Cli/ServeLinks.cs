using MediaScore.MediaServer.Api.Live;
using MediaScore.MediaServer.Hosting;
using MediaScore.Protocol.Interview.V1;
using Spectre.Console;

namespace MediaScore.MediaServer.Cli;

/// <summary>What <c>serve</c> prints when it listens: addresses, and links to open.</summary>
/// <param name="demo">The invitation of <c>--demo</c>, or null.</param>
internal sealed class ServeLinks(MediaServerHost host, CreateInterviewResponse? demo)
{
    private ServerAddresses Addresses => host.Addresses;

    private string Console => $"{Addresses.Public}{ConsoleAccess.LivePath}?token={host.ConsoleToken}";

    private string Devices => $"{Addresses.Public}{ConsoleAccess.DevicesPath}?token={host.ConsoleToken}";

    /// <summary>By every address over HTTPS.</summary>
    private IReadOnlyList<string> PhoneLinks => demo is null ? [] : [.. Addresses.Https.Select(https => https + new Uri(demo.CandidateUrl).PathAndQuery)];

    private string? Report => demo is null ? null : $"{Addresses.ReportUrl(demo.InterviewId)}?token={demo.AccessToken}";

    /// <summary>One line for programs.</summary>
    public object ToJson(IReadOnlyList<string> reasons) => new
    {
        @event = "listening",
        http = Addresses.Http,
        https = Addresses.Https,
        grpc = Addresses.Grpc,
        devicesHttp = Addresses.Devices.Length > 0 ? Addresses.Devices : null,
        mqtt = host.Protocols.Mqtt.BrokerPort,
        console = Console,
        devices = Devices,
        certificateSha256 = host.Certificate?.Fingerprint,
        ready = reasons.Count == 0,
        reasons,
        demo = demo is null ? null : new { interviewId = demo.InterviewId, candidate = demo.CandidateUrl, phone = PhoneLinks, report = Report },
    };

    /// <summary>For people. Links stand alone on their lines, unbroken, so that they can be clicked or copied.</summary>
    public void Print(CliConsole console, string demoPlan)
    {
        var output = console.Out;
        output.MarkupLine($"Listening: pages {Addresses.Http}{(Addresses.Https is [] ? "" : ", " + string.Join(", ", Addresses.Https))}; gRPC {Addresses.Grpc}{(Addresses.Devices.Length > 0 ? $"; devices {Addresses.Devices.EscapeMarkup()}" : "")}{(host.Protocols.Mqtt.BrokerPort is { } mqtt ? $"; MQTT port {mqtt}" : "")}. Ctrl+C stops it.");
        if (demo is not null)
            PrintDemo(console, demoPlan);
        // Where nobody looks at it, standard output may be a log, and this opens every interview's captions, and doors.
        var secret = demo is not null || output.Profile.Out.IsTerminal;
        Link(console, "All interviews that run now, for whoever leads them:", secret ? Console : $"{Addresses.Public}{ConsoleAccess.LivePath} (the token is in the data folder, {ConsoleAccess.FileName})");
        Link(console, "Doors, face terminals, and the people whom they know:", secret ? Devices : $"{Addresses.Public}{ConsoleAccess.DevicesPath} (the same token)");
        if (demo is null)
            output.MarkupLine($"Try: [green]./mediascore invite --plan {demoPlan} --server {Addresses.Grpc}[/]");
    }

    private void PrintDemo(CliConsole console, string demoPlan)
    {
        Link(console, $"A demo interview (plan {demoPlan}) in a browser on this machine:", demo!.CandidateUrl);
        foreach (var link in PhoneLinks.Where(l => !l.StartsWith("https://127.", StringComparison.Ordinal)))
            Link(console, "The same on a phone in this network:", link);
        if (host.Certificate is { IsMade: true } certificate && PhoneLinks.Count > 0)
        {
            console.Out.MarkupLine("[grey]The phone's browser warns, because this server made its certificate itself (Server:CertificateFile takes a real one).[/]");
            console.Out.MarkupLine("[grey]Go on by \"Advanced\" and \"Proceed\"; in Safari by \"Show Details\" and \"visit this website\". Its SHA-256:[/]");
            console.WriteLine("  " + certificate.Fingerprint);
        }

        Link(console, "Its report, once it is over:", Report!);
    }

    private static void Link(CliConsole console, string what, string link)
    {
        console.Out.MarkupLine($"[bold]{what.EscapeMarkup()}[/]");
        console.WriteLine("  " + link);
    }
}
