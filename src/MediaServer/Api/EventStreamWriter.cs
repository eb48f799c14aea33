using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace MediaScore.MediaServer.Api;

/// <summary>
/// Writes server-sent events (WHATWG HTML, 9.2) to one response. A reader that is too slow makes it wait; one that reads nothing for long is cut off by the host's
/// minimal data rate. Not thread-safe.
/// </summary>
internal sealed class EventStreamWriter(HttpResponse response, JsonSerializerOptions json)
{
    // A page that lost its stream comes back after this many milliseconds: soon enough for a countdown, and no burst when a server with 100 pages restarts.
    private const int RetryMs = 2000;

    private readonly PipeWriter _body = response.BodyWriter;

    public async Task BeginAsync(CancellationToken cancellation)
    {
        response.ContentType = "text/event-stream";
        // Proxies hold back what is not a whole page; nginx takes this word for it.
        response.Headers["X-Accel-Buffering"] = "no";
        Write($"retry: {RetryMs}\n\n");
        await _body.FlushAsync(cancellation);
    }

    /// <param name="name">Without line breaks.</param>
    public async Task SendAsync<T>(string name, T data, CancellationToken cancellation)
    {
        Write($"event: {name}\ndata: ");
        // Not indented, and line breaks in strings are escaped: one line.
        _body.Write(JsonSerializer.SerializeToUtf8Bytes(data, json));
        Write("\n\n");
        await _body.FlushAsync(cancellation);
    }

    /// <summary>A comment: proxies and phones take a silent connection for a dead one.</summary>
    public async Task HeartbeatAsync(CancellationToken cancellation)
    {
        Write(":\n\n");
        await _body.FlushAsync(cancellation);
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, _body);
}
