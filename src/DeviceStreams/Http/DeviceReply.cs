using System.Text;

namespace MediaScore.DeviceStreams.Http;

/// <summary>The answer to a device, to the byte.</summary>
public sealed record DeviceReply(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Beside content type and length.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>ASCII or UTF-8 text.</summary>
    public static DeviceReply Text(string body, int status = 200) => new(status, "text/plain", Encoding.UTF8.GetBytes(body));
}
