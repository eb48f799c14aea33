using MediaScore.DeviceStreams.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>Between the web server and protocols that know none: a request with a body within a limit, and an answer to the byte.</summary>
internal static class DeviceExchange
{
    /// <summary>Without its body.</summary>
    public static DeviceRequest HeadOf(HttpRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers)
            headers[name] = string.Join(", ", values.ToArray());
        return new DeviceRequest(request.Method, request.Path.Value ?? "", request.QueryString.Value ?? "", headers, default, request.HttpContext.Connection.RemoteIpAddress);
    }

    /// <returns>Null where the body is longer than it may be.</returns>
    /// <exception cref="IOException">It was cut.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
            return null;
        // The web server's own limit is for pages.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBytes + 1L;
        if (request.ContentLength is { } length)
        {
            var whole = new byte[length];
            await request.Body.ReadExactlyAsync(whole, cancellationToken);
            return whole;
        }

        // Of unknown length: one byte more than may be shows that it is too long.
        using var body = new MemoryStream();
        var piece = new byte[16 << 10];
        while (await request.Body.ReadAsync(piece, cancellationToken) is > 0 and var count)
        {
            if (body.Length + count > maxBytes)
                return null;
            body.Write(piece, 0, count);
        }

        return body.ToArray();
    }

    /// <summary>Content type and length are said also where there is no body: an error page of the web server's would be read as an answer.</summary>
    public static async Task WriteAsync(HttpResponse response, DeviceReply reply, CancellationToken cancellationToken)
    {
        response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
            response.Headers[name] = value;
        if (reply.Status == StatusCodes.Status204NoContent)
            return;
        if (reply.ContentType.Length > 0)
            response.ContentType = reply.ContentType;
        response.ContentLength = reply.Body.Length;
        await response.Body.WriteAsync(reply.Body, cancellationToken);
    }
}
