using System.Globalization;
using System.Text;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>One request as a device's small web server sees it.</summary>
internal sealed record SimulatedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Path => Target.Split('?', 2)[0];

    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>Its answer.</summary>
internal sealed record SimulatedResponse(int Status, string ContentType, string Body)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public bool ClosesConnection { get; init; }
}

/// <summary>HTTP/1.1 to the byte, since what is simulated is what a web framework would not let pass.</summary>
internal static class SimulatedHttp
{
    private const int MaxHeadBytes = 64 << 10;
    private const int MaxBodyBytes = 32 << 20;

    /// <returns>Null where the other side has gone.</returns>
    public static async Task<SimulatedRequest?> ReadRequestAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (await ReadHeadAsync(stream, cancellationToken) is not { Count: > 0 } lines || lines[0].Split(' ') is not [var method, var target, ..])
            return null;
        var headers = HeadersOf(lines);
        var length = headers.TryGetValue("Content-Length", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? Math.Min(known, MaxBodyBytes) : 0;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return new SimulatedRequest(method, target, headers, body);
    }

    /// <returns>Status and body; null where the other side has gone.</returns>
    public static async Task<(int Status, byte[] Body)?> ReadResponseAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (await ReadHeadAsync(stream, cancellationToken) is not { Count: > 0 } lines || lines[0].Split(' ') is not [_, var status, ..] || !int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return null;
        var headers = HeadersOf(lines);
        var body = new MemoryStream();
        if (headers.TryGetValue("Content-Length", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            var exact = new byte[Math.Min(length, MaxBodyBytes)];
            await stream.ReadExactlyAsync(exact, cancellationToken);
            body.Write(exact);
        }
        else if (headers.TryGetValue("Transfer-Encoding", out var coding) && coding.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            while (await ReadLineAsync(stream, cancellationToken) is { } line && int.TryParse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size) && size > 0)
            {
                var chunk = new byte[Math.Min(size, MaxBodyBytes)];
                await stream.ReadExactlyAsync(chunk, cancellationToken);
                body.Write(chunk);
                await ReadLineAsync(stream, cancellationToken);
            }

            await ReadLineAsync(stream, cancellationToken);
        }

        return (code, body.ToArray());
    }

    public static async Task WriteAsync(Stream stream, SimulatedResponse response, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(response.Body);
        var head = new StringBuilder("HTTP/1.1 ").Append(response.Status.ToString(CultureInfo.InvariantCulture)).Append(response.Status < 400 ? " OK\r\n" : " Refused\r\n")
            .Append("Server: \r\nConnection: ").Append(response.ClosesConnection ? "close" : "keep-alive").Append("\r\nContent-Type: ").Append(response.ContentType)
            .Append("\r\nContent-Length: ").Append(body.Length.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
        foreach (var (name, value) in response.Headers)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), cancellationToken);
        await stream.WriteAsync(body, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    private static Dictionary<string, string> HeadersOf(List<string> lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return headers;
    }

    private static async Task<List<string>?> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var bytes = 0;
        while (await ReadLineAsync(stream, cancellationToken) is { } line)
        {
            if (line.Length == 0)
                return lines;
            if ((bytes += line.Length) > MaxHeadBytes)
                return null;
            lines.Add(line);
        }

        return null;
    }

    // A byte at a time, so that nothing of what follows is taken along; the caller buffers.
    private static async Task<string?> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellationToken) > 0)
        {
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            if (line.Length > MaxHeadBytes)
                return null;
            line.Append((char)one[0]);
        }

        return null;
    }
}
