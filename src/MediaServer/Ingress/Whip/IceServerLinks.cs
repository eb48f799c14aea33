using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.MediaServer.Configuration;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>
/// STUN and TURN servers for one interview: in the page's state, and as <c>Link</c> fields (RFC 9725, 4.6). From a shared secret each interview gets credentials that
/// expire, as coturn's <c>use-auth-secret</c> expects them: the user name begins with the time of expiry, the password is its HMAC.
/// </summary>
internal sealed class IceServerLinks(WhipOptions options, TimeProvider time)
{
    public IReadOnlyList<IceServer> For(string interviewId)
    {
        var (stun, turn) = Split();
        var servers = new List<IceServer>();
        if (stun.Count > 0)
            servers.Add(new IceServer(stun, null, null));
        if (turn.Count > 0)
        {
            var (username, password) = Credentials(interviewId);
            servers.Add(new IceServer(turn, username, password));
        }

        return servers;
    }

    /// <summary>One field value a server.</summary>
    public IEnumerable<string> HeadersFor(string interviewId) =>
        from server in For(interviewId)
        from url in server.Urls
        select server.Username is null
            ? $"<{url}>; rel=\"ice-server\""
            : $"<{url}>; rel=\"ice-server\"; username=\"{server.Username}\"; credential=\"{server.Credential}\"; credential-type=\"password\"";

    private (List<string> Stun, List<string> Turn) Split() =>
        ([.. options.IceServers.Where(IsStun)], [.. options.IceServers.Where(s => !IsStun(s))]);

    private static bool IsStun(string server) => server.StartsWith("stun:", StringComparison.Ordinal);

    private (string? Username, string? Password) Credentials(string interviewId)
    {
        if (options.TurnSecret.Length == 0)
            return options.TurnUsername.Length > 0 ? (options.TurnUsername, options.TurnPassword) : (null, null);
        var expiry = time.GetUtcNow().AddMinutes(options.TurnCredentialMinutes).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var username = $"{expiry}:{interviewId}";
#pragma warning disable CA5350 // The TURN server decides on the algorithm: coturn's REST credentials are HMAC-SHA1, whose strength as a MAC stands.
        return (username, Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(options.TurnSecret), Encoding.UTF8.GetBytes(username))));
#pragma warning restore CA5350
    }
}
