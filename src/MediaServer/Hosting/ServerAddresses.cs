namespace MediaScore.MediaServer.Hosting;

/// <summary>Where this server is reached. The ports are known once it listens.</summary>
internal sealed class ServerAddresses(string publicUrl)
{
    /// <summary>Pages, health and metrics: <c>http://127.0.0.1:5080</c>.</summary>
    public string Http { get; private set; } = "";

    /// <summary>gRPC: <c>http://127.0.0.1:5081</c>.</summary>
    public string Grpc { get; private set; } = "";

    public static string ReportPath(string interviewId) => $"/interviews/{interviewId}/report";

    /// <summary>As a browser opens it, without the token.</summary>
    public string ReportUrl(string interviewId) => (publicUrl.Length > 0 ? publicUrl.TrimEnd('/') : Http) + ReportPath(interviewId);

    public void Listening(string http, string grpc) => (Http, Grpc) = (http, grpc);
}
