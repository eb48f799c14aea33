using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using MediaScore.DeviceStreams.Http;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>The network between simulated terminals and the server, without any: it may lose answers, and what it does to answers may be wrong.</summary>
internal sealed class ServerHandler(ZkHost host) : HttpMessageHandler
{
    /// <summary>Asked before each request: is the server gone?</summary>
    public Func<bool> IsDown { get; set; } = () => false;

    /// <summary>Asked after the server has done its work: does the answer get lost?</summary>
    public Func<bool> LosesAnswer { get; set; } = () => false;

    /// <summary>Another answer instead of the server's.</summary>
    public Func<string, DeviceReply, DeviceReply> Change { get; set; } = (_, reply) => reply;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown())
            throw new HttpRequestException("Connection refused.");
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var uri = request.RequestUri!;
        var reply = Change(uri.AbsolutePath, await host.Server.HandleAsync(
            new DeviceRequest(request.Method.Method, Uri.UnescapeDataString(uri.AbsolutePath), uri.Query, headers, body, IPAddress.Loopback), cancellationToken));
        if (LosesAnswer())
            throw new HttpRequestException("Connection reset.");

        var response = new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = new ByteArrayContent(reply.Body.ToArray()) };
        response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(reply.ContentType);
        if (reply.Headers.TryGetValue("Date", out var date))
            response.Headers.Date = DateTimeOffset.ParseExact(date, "R", CultureInfo.InvariantCulture);
        return response;
    }
}
