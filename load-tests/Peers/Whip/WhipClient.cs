using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace MediaScore.Peers.Whip;

/// <summary>What a WHIP server said.</summary>
/// <param name="Body">The answer's SDP, or its fragment, or a problem's text.</param>
/// <param name="RetryAfter">With 503 and 429, where the server says when.</param>
public sealed record WhipReply(HttpStatusCode Status, string Body, TimeSpan? RetryAfter = null)
{
    public bool Succeeded => (int)Status is >= 200 and < 300;
}

/// <summary>WebRTC-HTTP ingestion protocol, the client's side (RFC 9725). One session an object; not thread safe.</summary>
/// <param name="token">Bearer token of the interview's candidate; null sends none.</param>
public sealed class WhipClient(HttpClient http, Uri endpoint, string? token = null)
{
    // An answer has a few kilobytes; a problem's text less.
    private const int MaxReplyBytes = 256 * 1024;

    /// <summary>The session's own address, once it was made.</summary>
    public Uri? Resource { get; private set; }

    /// <summary>Of the ICE session, for If-Match.</summary>
    public string? EntityTag { get; private set; }

    public async Task<WhipReply> PostAsync(string offer, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = Content(offer, "application/sdp") };
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Created && response.Headers.Location is { } location)
        {
            Resource = location.IsAbsoluteUri ? location : new Uri(endpoint, location);
            EntityTag = response.Headers.ETag?.ToString();
        }

        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>ICE restart: 200 with the server's new credentials.</summary>
    /// <param name="fragment"><c>application/trickle-ice-sdpfrag</c> with new credentials.</param>
    public async Task<WhipReply> RestartIceAsync(string fragment, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, Known()) { Content = Content(fragment, "application/trickle-ice-sdpfrag") };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
            EntityTag = response.Headers.ETag?.ToString() ?? EntityTag;
        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>Trickled candidates: 204.</summary>
    public async Task<WhipReply> TrickleAsync(string fragment, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, Known()) { Content = Content(fragment, "application/trickle-ice-sdpfrag") };
        if (EntityTag is not null)
            request.Headers.TryAddWithoutValidation("If-Match", EntityTag);
        using var response = await SendAsync(request, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    public async Task<WhipReply> DeleteAsync(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Known());
        using var response = await SendAsync(request, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    private Uri Known() => Resource ?? throw new InvalidOperationException("No session yet: post an offer first.");

    private static StringContent Content(string text, string type) => new(text, Encoding.UTF8) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static async Task<WhipReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxReplyBytes];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return new WhipReply(response.StatusCode, Encoding.UTF8.GetString(buffer, 0, length), response.Headers.RetryAfter?.Delta);
    }
}
