using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>
/// The posting side of a simulated device: to where its slots say, and where its plan does. What was not answered with 200 is sent again, oldest first, until it is: as devices do
/// that buffer (<c>httpBroken</c>).
/// </summary>
internal sealed class IsapiPushClient(IsapiDevice device) : IAsyncDisposable
{
    private const string Boundary = "MIME_boundary";
    private const int MostBuffered = 100_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryWait = TimeSpan.FromMilliseconds(200);

    private readonly Channel<SimulatedEvent> _waiting = Channel.CreateBounded<SimulatedEvent>(MostBuffered);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Tally _delivered = new();
    private Task? _loop;
    private int _disposed;

    /// <summary>Ends when so many events were answered with 200.</summary>
    public Task WhenDeliveredAsync(int count) => _delivered.ReachedAsync(count);

    /// <summary>Bodies as they were sent, the last 1,000.</summary>
    public Queue<(string ContentType, byte[] Body)> Sent { get; } = new();

    public void Post(SimulatedEvent happened)
    {
        if (Target is null)
            return;
        // Full, it sends no more than its log has anyway, as a device does.
        _waiting.Writer.TryWrite(happened);
        lock (_gate)
            _loop ??= Task.Run(() => RunAsync(_stopping.Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync();
        if (_loop is not null)
            await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    /// <summary>Posts a question.</summary>
    /// <returns>The decision in the reply; null where there was none.</returns>
    public async Task<bool?> AskAsync(SimulatedEvent question, CancellationToken cancellationToken)
    {
        if (Target is not { } target)
            return null;
        try
        {
            var (type, body) = BodyOf(question, isCurrent: true, target.IsXml);
            var reply = await SendAsync(target.Uri, type, body, cancellationToken);
            return reply is { Status: 200 } && IsapiBody.TryRead(reply.Value.Body, out _)?["RemoteCheck"] is { } decision && decision.NumberOf("serialNo") == question.Serial
                ? decision.TextOf("checkResult") == "success"
                : null;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Multipart with a picture, bare without one.</summary>
    public static (string ContentType, byte[] Body) BodyOf(SimulatedEvent happened, bool isCurrent, bool isXml = false)
    {
        var type = isXml ? SimulatedWords.XmlType : SimulatedWords.JsonType;
        var text = Encoding.UTF8.GetBytes(isXml ? SimulatedWords.EventXml(happened, isCurrent) : SimulatedWords.EventJson(happened, isCurrent));
        if (happened.Picture.IsEmpty)
            return (type, text);
        var head = $"--{Boundary}\r\nContent-Disposition: form-data; name=\"event_log\"\r\nContent-Type: {type}\r\nContent-Length: {text.Length}\r\n\r\n";
        var picture = $"\r\n--{Boundary}\r\nContent-Disposition: form-data; name=\"Picture\"; filename=\"Picture.jpg\"\r\nContent-Type: image/jpeg\r\nContent-Length: {happened.Picture.Length}\r\nContent-ID: pictureImage\r\n\r\n";
        return ($"multipart/form-data; boundary={Boundary}", [.. Encoding.ASCII.GetBytes(head), .. text, .. Encoding.ASCII.GetBytes(picture), .. happened.Picture.Span, .. Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n")]);
    }

    private (Uri Uri, bool IsXml)? Target => device.Plan.PushTo is { } planned ? (planned, device.Plan.WritesXml) : device.Settings.PushTarget;

    /// <summary>One post, to the byte.</summary>
    /// <returns>Null where nobody answered.</returns>
    private async Task<(int Status, byte[] Body)?> SendAsync(Uri target, string contentType, byte[] body, CancellationToken cancellationToken, int? cutAfter = null)
    {
        using var client = new TcpClient { NoDelay = true };
        using var late = new CancellationTokenSource(Limit, device.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await client.ConnectAsync(target.Host, target.Port, limit.Token);
        await using var stream = new BufferedStream(client.GetStream(), 16 << 10);
        var head = $"POST {target.PathAndQuery} HTTP/1.1\r\nHost: {target.Authority}\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), limit.Token);
        await stream.WriteAsync(body.AsMemory(0, cutAfter ?? body.Length), limit.Token);
        await stream.FlushAsync(limit.Token);
        return cutAfter is null ? await SimulatedHttp.ReadResponseAsync(stream, limit.Token) : null;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var happened in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            // The first try is what happens now; whatever comes later is of the past.
            for (var isCurrent = true; !await TryPostAsync(happened, isCurrent, cancellationToken); isCurrent = false)
                await Task.Delay(RetryWait, device.Time, cancellationToken);
            _delivered.Add();
            device.Counts.CountAnswered();
            if (!device.Resends())
                continue;
            await TryPostAsync(happened, isCurrent: false, cancellationToken);
            device.Counts.CountResent();
        }
    }

    private async Task<bool> TryPostAsync(SimulatedEvent happened, bool isCurrent, CancellationToken cancellationToken)
    {
        if (Target is not { } target)
            return false;
        var (type, body) = BodyOf(happened, isCurrent, target.IsXml);
        lock (Sent)
        {
            Sent.Enqueue((type, body));
            if (Sent.Count > 1_000)
                Sent.Dequeue();
        }

        try
        {
            if (device.Plan.Misbehaviour.HasFlag(Misbehaviour.CutBodies) && isCurrent && happened.Serial % 8 == 0)
                await SendAsync(target.Uri, type, body, cancellationToken, cutAfter: body.Length / 2);
            var reply = await SendAsync(target.Uri, type, body, cancellationToken);
            if (reply is { Status: not 200 })
                device.Counts.CountRefused();
            return reply is { Status: 200 };
        }
        catch (Exception e) when (e is IOException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
