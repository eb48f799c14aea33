using MediaScore.DeviceStreams.Http;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace MediaScore.MediaServer.Ingress.Devices;

/// <summary>One request of a device and its answer, to the byte: no page of the server's own where an answer is empty.</summary>
internal sealed class DeviceExchange
{
    private readonly HttpContext _http;

    public DeviceExchange(HttpContext http)
    {
        _http = http;
        // Firmware was seen that reads the page of an error as an answer.
        if (http.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
    }

    /// <param name="headerNames">The headers that the protocol looks at; null: all.</param>
    public DeviceRequest Request(IReadOnlyCollection<string>? headerNames = null)
    {
        var request = _http.Request;
        return new DeviceRequest(request.Method, request.Path.Value ?? "", request.QueryString.Value ?? "", Headers(headerNames ?? [.. request.Headers.Keys]), default, _http.Connection.RemoteIpAddress);
    }

    /// <summary>A <see cref="BodyReader"/>. The protocol's bound goes before the listener's, which is that of pages.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(int maxBytes, CancellationToken cancellationToken)
    {
        if (_http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var request = _http.Request;
        if (request.ContentLength is { } length)
        {
            if (length > maxBytes)
                return null;
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

    public async Task ReplyAsync(DeviceReply reply)
    {
        var response = _http.Response;
        response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
            response.Headers[name] = value;
        if (reply.Status == StatusCodes.Status204NoContent)
            return;
        response.ContentType = reply.ContentType;
        response.ContentLength = reply.Body.Length;
        await response.Body.WriteAsync(reply.Body, _http.RequestAborted);
    }

    private Dictionary<string, string> Headers(IReadOnlyCollection<string> names)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (_http.Request.Headers.TryGetValue(name, out var values) && values.Count > 0)
                headers[name] = string.Join(", ", values.ToArray());
        }

        return headers;
    }
}
