using System.Text;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>The event stream of a simulated device: one listener at a time, the log first, then what happens, and a heartbeat where nothing does.</summary>
internal sealed class SimulatedStream(IsapiDevice device)
{
    private const string Boundary = "MIME_boundary";

    private int _listeners;
    private long _busyUntil;
    private int _cutAfter = -1;
    private int _missed;
    private readonly Tally _position = new();

    /// <summary>Listeners that were turned away because the place was taken.</summary>
    public int BusyCount { get; private set; }

    /// <summary>Times that somebody began to listen.</summary>
    public int ListenCount { get; private set; }

    /// <summary>Events that happen are not said any more until <see cref="HearAgain"/>: the log alone knows them.</summary>
    public void GoDeaf() => Volatile.Write(ref _missed, 1);

    /// <summary>Ends when the listener's turn has come past all that has happened.</summary>
    public Task PassedAsync() => _position.ReachedAsync(device.Log.Count);

    public void HearAgain() => Volatile.Write(ref _missed, 0);

    /// <summary>Cuts the connection of whoever listens, or listens next, after so many bytes.</summary>
    public void CutAfter(int bytes) => Volatile.Write(ref _cutAfter, bytes);

    /// <returns>An answer where there is no stream; null once the stream is over.</returns>
    public async Task<SimulatedResponse?> ServeAsync(Stream connection, CancellationToken cancellationToken)
    {
        switch (device.Plan.Stream)
        {
            case StreamForm.Missing:
                return new SimulatedResponse(404, "text/html", "<html><body>Not found</body></html>");
            case StreamForm.EmptyDocument:
                await WriteAsync(connection, "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nConnection: close\r\n\r\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n\r\n"u8.ToArray(), cancellationToken);
                await connection.FlushAsync(cancellationToken);
                return null;
            default:
                break;
        }

        if (device.Time.GetUtcNow().UtcTicks < Interlocked.Read(ref _busyUntil) || Interlocked.CompareExchange(ref _listeners, 1, 0) != 0)
        {
            BusyCount++;
            return new SimulatedResponse(404, "application/xml", SimulatedWords.Xml(
                "ResponseStatus", ("requestURL", "/ISAPI/Event/notification/alertStream"), ("statusCode", 4), ("statusString", "Invalid Operation"), ("subStatusCode", "invalidOperation")));
        }

        try
        {
            ListenCount++;
            await TellAsync(connection, cancellationToken);
        }
        finally
        {
            Interlocked.Exchange(ref _busyUntil, (device.Time.GetUtcNow() + device.Plan.BusyAfterListener).UtcTicks);
            Interlocked.Exchange(ref _listeners, 0);
        }

        return null;
    }

    private async Task TellAsync(Stream connection, CancellationToken cancellationToken)
    {
        // Who has its answer listens: nothing that happens from then on is missed, a question neither, which no log has.
        var (old, position, _) = device.Log.From(0, loggedOnly: true);
        await WriteAsync(connection, Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nServer: App-webs/\r\nContent-Type: multipart/mixed; boundary={Boundary}\r\nConnection: keep-alive\r\n\r\n"), cancellationToken);
        await connection.FlushAsync(cancellationToken);
        if (device.Plan.Stream == StreamForm.Silent)
            await Task.Delay(Timeout.InfiniteTimeSpan, device.Time, cancellationToken);
        foreach (var happened in device.Plan.Replays ? old : [])
            await WriteAsync(connection, PartOf(happened, isCurrent: false), cancellationToken);

        await connection.FlushAsync(cancellationToken);
        while (true)
        {
            var (news, next, changed) = device.Log.From(position, loggedOnly: false);
            position = next;
            if (Volatile.Read(ref _missed) != 0)
                news = [];
            foreach (var happened in news)
            {
                await WriteAsync(connection, PartOf(happened, isCurrent: true), cancellationToken);
                if (device.Resends())
                {
                    await WriteAsync(connection, PartOf(happened, isCurrent: true), cancellationToken);
                    device.Counts.CountResent();
                }

                if (!happened.IsQuestion)
                    device.Counts.CountAnswered();
            }

            await connection.FlushAsync(cancellationToken);
            _position.RaiseTo(position);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var beat = Task.Delay(device.Plan.HeartbeatPeriod, device.Time, over.Token);
            if (await Task.WhenAny(changed, beat) == beat)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await WriteAsync(connection, HeartbeatPart(), cancellationToken);
                await connection.FlushAsync(cancellationToken);
            }

            await over.CancelAsync();
        }
    }

    private byte[] HeartbeatPart() => device.Plan.Heartbeat switch
    {
        HeartbeatForm.Json => TextPart(SimulatedWords.JsonType, SimulatedWords.HeartbeatJson(device.Clock())),
        HeartbeatForm.HeartBeat => TextPart(SimulatedWords.JsonType, SimulatedWords.HeartBeatJson(device.Clock())),
        HeartbeatForm.Xml => TextPart(SimulatedWords.XmlType, SimulatedWords.HeartbeatXml(device.Clock())),
        _ => [],
    };

    private byte[] PartOf(SimulatedEvent happened, bool isCurrent)
    {
        // The log is read out without pictures.
        var shown = isCurrent ? happened : happened with { Picture = default };
        var text = device.Plan.WritesXml ? TextPart(SimulatedWords.XmlType, SimulatedWords.EventXml(shown, isCurrent)) : TextPart(SimulatedWords.JsonType, SimulatedWords.EventJson(shown, isCurrent));
        if (shown.Picture.IsEmpty)
            return text;
        var lines = LineEnd;
        var head = $"--{Boundary}{lines}Content-Disposition: form-data; name=\"Picture\"; filename=\"Picture.jpg\"{lines}Content-Type: image/jpeg{lines}Content-Length: {shown.Picture.Length}{lines}{lines}";
        return [.. text, .. Encoding.ASCII.GetBytes(head), .. shown.Picture.Span, .. Encoding.ASCII.GetBytes(lines)];
    }

    private byte[] TextPart(string type, string body)
    {
        var (lines, content) = (LineEnd, Encoding.UTF8.GetBytes(body));
        var length = device.Plan.Lengths switch
        {
            LengthForm.TooLarge => $"Content-Length: {content.Length + 4}{lines}",
            LengthForm.TooSmall => $"Content-Length: {content.Length - 16}{lines}",
            LengthForm.Missing => "",
            _ => $"Content-Length: {content.Length}{lines}",
        };
        return [.. Encoding.ASCII.GetBytes($"--{Boundary}{lines}Content-Type: {type}{lines}{length}{lines}"), .. content, .. Encoding.ASCII.GetBytes(lines)];
    }

    private string LineEnd => device.Plan.HasBareLineFeeds ? "\n" : "\r\n";

    private async Task WriteAsync(Stream connection, byte[] bytes, CancellationToken cancellationToken)
    {
        var left = Volatile.Read(ref _cutAfter);
        if (left >= 0 && left <= bytes.Length)
        {
            Volatile.Write(ref _cutAfter, -1);
            await connection.WriteAsync(bytes.AsMemory(0, left), cancellationToken);
            await connection.FlushAsync(cancellationToken);
            throw new IOException("cut off, as ordered");
        }

        if (left >= 0)
            Volatile.Write(ref _cutAfter, left - bytes.Length);
        if (!device.Plan.Drips)
        {
            await connection.WriteAsync(bytes, cancellationToken);
            return;
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            await connection.WriteAsync(bytes.AsMemory(i, 1), cancellationToken);
            await connection.FlushAsync(cancellationToken);
        }
    }
}
