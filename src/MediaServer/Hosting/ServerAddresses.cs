namespace MediaScore.MediaServer.Hosting;

/// <summary>Where this server is reached. The ports are known once it listens.</summary>
internal sealed class ServerAddresses(string publicUrl)
{
    /// <summary>Pages, health and metrics: <c>http://127.0.0.1:5080</c>.</summary>
    public string Http { get; private set; } = "";

    /// <summary>gRPC: <c>http://127.0.0.1:5081</c>.</summary>
    public string Grpc { get; private set; } = "";

    /// <summary>The pages over HTTPS, the local network's addresses first: <c>https://192.168.1.20:5443</c>. Empty where that port is off.</summary>
    public IReadOnlyList<string> Https { get; private set; } = [];

    /// <summary>Devices without TLS: <c>http://0.0.0.0:8090</c>. Empty where that port is off; their paths are served on the first port too.</summary>
    public string Devices { get; private set; } = "";

    /// <summary>What browsers reach the pages by: the owner's word (<c>Server:PublicUrl</c>), else the listening address.</summary>
    public string Public => publicUrl.Length > 0 ? publicUrl.TrimEnd('/') : Http;

    public static string ReportPath(string interviewId) => $"/interviews/{interviewId}/report";

    /// <summary>The candidate's page; everything of one interview lies under it, its cookies included.</summary>
    public static string CandidatePath(string interviewId) => $"/interviews/{interviewId}";

    /// <summary>The candidate's link, with its token.</summary>
    public string CandidateUrl(string interviewId, string candidateToken) => $"{Public}{CandidatePath(interviewId)}?token={candidateToken}";

    /// <summary>The same link by every HTTPS address that others in the network reach. Empty where the owner named an address, or where there is none.</summary>
    public IReadOnlyList<string> CandidateLanUrls(string interviewId, string candidateToken) => publicUrl.Length > 0
        ? []
        : [.. Https.Where(url => !new Uri(url).IsLoopback).Select(url => $"{url}{CandidatePath(interviewId)}?token={candidateToken}")];

    /// <summary>As a browser opens it, without the token.</summary>
    public string ReportUrl(string interviewId) => Public + ReportPath(interviewId);

    public void Listening(string http, string grpc, IReadOnlyList<string> https, string devices = "") => (Http, Grpc, Https, Devices) = (http, grpc, https, devices);
}
