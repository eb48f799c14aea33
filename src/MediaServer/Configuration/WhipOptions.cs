using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Configuration;

/// <summary>How candidates' browsers and other WHIP clients (RFC 9725) are let in. Section <c>Whip</c>. Ports and media limits are in <c>WebRtc</c>.</summary>
public sealed class WhipOptions
{
    public const string Section = "Whip";

    /// <summary>Origins of other sites whose pages may send media here, <c>https://careers.example.com</c>. Default empty: only this server's own pages, and clients that are no browser.</summary>
    public IList<string> AllowedOrigins { get; set; } = [];

    /// <summary>STUN and TURN servers that browsers are told of: <c>stun:HOST:PORT</c>, <c>turn:HOST:PORT?transport=udp</c>, <c>turns:HOST:PORT?transport=tcp</c>. Default empty: the server's own ports are reached directly (docs/operations/webrtc.md says when that is not so).</summary>
    public IList<string> IceServers { get; set; } = [];

    /// <summary>Secret that this server shares with the TURN server (coturn: <c>static-auth-secret</c>), from which each interview gets a user name and password that expire. Default empty: <c>Whip:TurnUsername</c> is used, or none.</summary>
    public string TurnSecret { get; set; } = "";

    /// <summary>User name of the TURN servers where they have no shared secret. Default empty.</summary>
    public string TurnUsername { get; set; } = "";

    /// <summary>Password to <c>Whip:TurnUsername</c>. Default empty. Every candidate gets to see it.</summary>
    public string TurnPassword { get; set; } = "";

    /// <summary>For how long credentials made from <c>Whip:TurnSecret</c> are good, minutes. Default 300.</summary>
    // The longest interview, 4 hours, and an hour of preparing: a relay is refreshed with the credentials that it was opened with.
    [Range(5, 1440)]
    public int TurnCredentialMinutes { get; set; } = 300;

    /// <summary>WHIP connections open at once from one address (IPv6: one /64). Default 50.</summary>
    // A class room or a recruiting event behind one address. Behind a proxy everybody has one address: raise it to WebRtc:MaxSessions.
    [Range(1, 100_000)]
    public int MaxConnectionsPerAddress { get; set; } = 50;

    /// <summary>WHIP requests of one address in a minute, in the long run; as many may come at once. Default 300.</summary>
    // A page load is three (POST, PATCH, DELETE); 50 pages that reload every half minute are 300.
    [Range(1, 1_000_000)]
    public int RequestsPerMinutePerAddress { get; set; } = 300;
}

/// <summary>What one attribute cannot say.</summary>
internal sealed class WhipOptionsValidator : IValidateOptions<WhipOptions>
{
    public ValidateOptionsResult Validate(string? name, WhipOptions options)
    {
        var faults = new OptionFaults(WhipOptions.Section, options);
        foreach (var origin in options.AllowedOrigins)
        {
            // As a browser writes it: scheme, host, port; no path, no slash behind.
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.GetLeftPart(UriPartial.Authority) != origin)
                faults.Add($"Whip:AllowedOrigins has '{origin}'; it must be an origin such as https://careers.example.com.");
        }

        foreach (var server in options.IceServers)
        {
            if (!(server.StartsWith("stun:", StringComparison.Ordinal) || server.StartsWith("turn:", StringComparison.Ordinal) || server.StartsWith("turns:", StringComparison.Ordinal))
                || server.Any(c => c is <= ' ' or '<' or '>' or '"' or > '~'))
                faults.Add($"Whip:IceServers has '{server}'; it must be a stun:, turn: or turns: URI (RFC 7064, RFC 7065).");
        }

        if (options.TurnSecret.Length > 0 && options.TurnUsername.Length > 0)
            faults.Add("Whip:TurnSecret and Whip:TurnUsername are both set; a TURN server has one or the other.");
        if (options.TurnUsername.Length > 0 != options.TurnPassword.Length > 0)
            faults.Add("Whip:TurnUsername and Whip:TurnPassword belong together; one of them is empty.");
        if (options.TurnUsername.Concat(options.TurnPassword).Any(c => c is < ' ' or '"' or '\\' or > '~'))
            faults.Add("Whip:TurnUsername and Whip:TurnPassword may not hold quotation marks, backslashes or characters beyond ASCII.");
        return faults.ToResult();
    }
}
