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

    /// <summary>IP address to listen on. Default <c>127.0.0.1</c>: neither port has TLS, so the network gets a proxy that has it, never these ports.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port of pages, health and metrics (HTTP/1.1). Default 5080; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; } = 5080;

    /// <summary>Port of gRPC (HTTP/2 without TLS, by prior knowledge). Default 5081; 0 takes a free one.</summary>
    // HTTP/1.1 and HTTP/2 share a port only where TLS negotiates (ALPN), so the two have a port each.
    [Range(0, 65535)]
    public int GrpcPort { get; set; } = 5081;

    /// <summary>Policy profile of interviews that name none. Default <c>default</c>.</summary>
    [Required]
    public string DefaultPolicyProfile { get; set; } = "default";

    /// <summary>Recogniser tier of interviews that name none: <c>default</c> or <c>accurate</c>. Default <c>default</c>.</summary>
    [Required]
    [RegularExpression("^(default|accurate)$", ErrorMessage = "Server:DefaultRecognizer must be 'default' or 'accurate'.")]
    public string DefaultRecognizer { get; set; } = "default";

    /// <summary>Address that browsers reach the pages by, for links in answers: <c>https://interviews.example.com</c>. Default empty: the listening address.</summary>
    public string PublicUrl { get; set; } = "";
}

/// <summary>What one attribute cannot say.</summary>
internal sealed class ServerOptionsValidator : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        var faults = new OptionFaults(ServerOptions.Section, options);
        if (!System.Net.IPAddress.TryParse(options.Address, out _))
            faults.Add($"Server:Address is '{options.Address}'; it must be an IP address (127.0.0.1, 0.0.0.0, ::1).");
        if (options.HttpPort != 0 && options.HttpPort == options.GrpcPort)
            faults.Add($"Server:HttpPort and Server:GrpcPort are both {options.HttpPort}; without TLS each protocol needs its own port.");
        if (options.PublicUrl.Length > 0 && !(Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            faults.Add($"Server:PublicUrl is '{options.PublicUrl}'; it must be an http or https URL, or empty.");
        return faults.ToResult();
    }
}
