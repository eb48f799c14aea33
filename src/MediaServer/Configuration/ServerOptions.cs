using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Configuration;

/// <summary>Where the server listens and keeps what it is given. Section <c>Server</c>.</summary>
public sealed class ServerOptions
{
    public const string Section = "Server";

    /// <summary>Folder of recordings, timelines, keys and the database. Default <c>data</c>. A relative path counts from <c>MEDIASCORE_HOME</c>, else from the working directory.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>Folder of the plans that <c>CreateInterview</c> may name by id. Default <c>plans</c>.</summary>
    [Required]
    public string PlansFolder { get; set; } = "plans";

    /// <summary>IP address of the two ports without TLS. Default <c>127.0.0.1</c>: the network gets the HTTPS port or a proxy that has TLS, never these ports.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port of pages, health and metrics (HTTP/1.1). Default 5080; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; } = 5080;

    /// <summary>Port of gRPC (HTTP/2 without TLS, by prior knowledge). Default 5081; 0 takes a free one.</summary>
    // HTTP/1.1 and HTTP/2 share a port only where TLS negotiates (ALPN), so the two have a port each.
    [Range(0, 65535)]
    public int GrpcPort { get; set; } = 5081;

    /// <summary>Port of the same pages over HTTPS. Default 5443; 0 takes a free one, -1 turns it off.</summary>
    // Browsers give camera and microphone to pages from HTTPS and localhost only.
    [Range(-1, 65535)]
    public int HttpsPort { get; set; } = 5443;

    /// <summary>IP address of the HTTPS port. Default empty: <c>Server:Address</c>. <c>serve --lan</c> takes all of the machine's. Metrics and gRPC are not served there.</summary>
    public string HttpsAddress { get; set; } = "";

    /// <summary>Port for terminals and badges that speak HTTP without TLS (ZKTeco, Hikvision, the device API); it serves their paths only. Default -1: off, their paths are on the first port and on HTTPS; 0 takes a free one.</summary>
    // What they say can be read on the way: it is for a network of their own.
    [Range(-1, 65535)]
    public int DevicesPort { get; set; } = -1;

    /// <summary>IP address of that port, in the terminals' network. Default empty: <c>Server:Address</c>.</summary>
    public string DevicesAddress { get; set; } = "";

    /// <summary>Certificate of the HTTPS port, PEM, its intermediates behind it. Default empty: the server makes one (<c>https.pem</c> in the data folder), and browsers warn. A renewed file is taken up within a minute.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>Private key of <c>Server:CertificateFile</c>, PEM without a password. Default empty: it is in the same file.</summary>
    public string CertificateKeyFile { get; set; } = "";

    /// <summary>Policy profile of interviews that name none. Default <c>default</c>.</summary>
    [Required]
    public string DefaultPolicyProfile { get; set; } = "default";

    /// <summary>
    /// Recogniser tier of interviews that name none: <c>default</c>, <c>accurate</c> (the larger model hears them live) or <c>refined</c> (the quick model hears them live,
    /// and the larger one hears them again after the end, when nothing live waits). Default <c>default</c>.
    /// </summary>
    [Required]
    [RegularExpression("^(default|accurate|refined)$", ErrorMessage = "Server:DefaultRecognizer must be 'default', 'accurate' or 'refined'.")]
    public string DefaultRecognizer { get; set; } = "default";

    /// <summary>Address that browsers reach the pages by, for links in answers: <c>https://interviews.example.com</c>. Default empty: the listening address.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Seconds for which interviews that run may go on after SIGTERM, while nobody new is taken; a second SIGTERM ends it at once. Default 0: the server stops at once, and the next process goes on with them within seconds.</summary>
    // Interviews last 20 minutes and supervisors wait for 10 to 90 s: a default between the two would save none and turn new candidates away meanwhile. Who moves a machine
    // for good sets this, and the supervisor's own limit (TimeoutStopSec, terminationGracePeriodSeconds) a minute above it.
    [Range(0, 86_400)]
    public int DrainSeconds { get; set; }
}

/// <summary>What one attribute cannot say.</summary>
internal sealed class ServerOptionsValidator : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        var faults = new OptionFaults(ServerOptions.Section, options);
        if (!System.Net.IPAddress.TryParse(options.Address, out _))
            faults.Add($"Server:Address is '{options.Address}'; it must be an IP address (127.0.0.1, 0.0.0.0, ::1).");
        if (options.HttpsAddress.Length > 0 && !System.Net.IPAddress.TryParse(options.HttpsAddress, out _))
            faults.Add($"Server:HttpsAddress is '{options.HttpsAddress}'; it must be an IP address (0.0.0.0, ::), or empty.");
        if (options.HttpsPort > 0 && (options.HttpsPort == options.HttpPort || options.HttpsPort == options.GrpcPort))
            faults.Add($"Server:HttpsPort is {options.HttpsPort}, as another port is; each needs its own.");
        if (options.DevicesAddress.Length > 0 && !System.Net.IPAddress.TryParse(options.DevicesAddress, out _))
            faults.Add($"Server:DevicesAddress is '{options.DevicesAddress}'; it must be an IP address (192.168.7.5, 0.0.0.0), or empty.");
        if (options.DevicesPort > 0 && (options.DevicesPort == options.HttpPort || options.DevicesPort == options.GrpcPort || options.DevicesPort == options.HttpsPort))
            faults.Add($"Server:DevicesPort is {options.DevicesPort}, as another port is; each needs its own.");
        if (options.CertificateFile.Length == 0 && options.CertificateKeyFile.Length > 0)
            faults.Add($"Server:CertificateKeyFile is '{options.CertificateKeyFile}', and Server:CertificateFile is empty; name both or none.");
        if (options.HttpPort != 0 && options.HttpPort == options.GrpcPort)
            faults.Add($"Server:HttpPort and Server:GrpcPort are both {options.HttpPort}; without TLS each protocol needs its own port.");
        if (options.PublicUrl.Length > 0 && !(Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            faults.Add($"Server:PublicUrl is '{options.PublicUrl}'; it must be an http or https URL, or empty.");
        return faults.ToResult();
    }
}
