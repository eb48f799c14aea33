using System.Net;
using System.Net.Http.Headers;

namespace MediaScore.Load.Clients;

/// <summary>Reads one stream of server-sent events (WHATWG HTML, 9.2) from its bytes, without a string a line.</summary>
internal sealed class EventStreamClient(HttpClient http, Uri address, string token)
{
    // A caption of a minute of speech has a thousand characters.
    private const int BufferBytes = 16 << 10;

    public delegate void Heard(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data);

    private readonly byte[] _name = new byte[64];
    private int _nameLength;

    /// <summary>Until the server ends the stream.</summary>
    /// <param name="opened">Called when the server has answered.</param>
    /// <exception cref="HttpRequestException">There is no stream, or it broke.</exception>
    public async Task ReadAsync(Action opened, Heard heard, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        if (response.StatusCode is HttpStatusCode.NoContent)
            return;
        opened();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[BufferBytes];
        var filled = 0;
        while (true)
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer.AsMemory(filled), cancellation);
            }
            catch (IOException e)
            {
                throw new HttpRequestException("The event stream broke.", e);
            }

            if (read == 0)
                return;
            filled += read;
            var taken = Take(buffer.AsSpan(0, filled), heard);
            if (taken == 0 && filled == buffer.Length)
                throw new HttpRequestException($"A line of the event stream is longer than {BufferBytes} bytes.");
            buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
            filled -= taken;
        }
    }

    /// <returns>Bytes of whole lines.</returns>
    private int Take(ReadOnlySpan<byte> bytes, Heard heard)
    {
        var taken = 0;
        for (int end; (end = bytes[taken..].IndexOf((byte)'\n')) >= 0; taken += end + 1)
        {
            var line = bytes.Slice(taken, end);
            if (line.StartsWith("event: "u8))
            {
                _nameLength = Math.Min(line.Length - 7, _name.Length);
                line.Slice(7, _nameLength).CopyTo(_name);
            }
            else if (line.StartsWith("data: "u8))
            {
                heard(_name.AsSpan(0, _nameLength), line[6..]);
            }
        }

        return taken;
    }
}
