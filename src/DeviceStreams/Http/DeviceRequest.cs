using System.Net;

namespace MediaScore.DeviceStreams.Http;

/// <summary>An HTTP request of a device, its body read to the end within the host's limits. Protocols see this and no web framework.</summary>
/// <param name="Path">Without query, decoded, as it came: devices differ in case.</param>
/// <param name="Query">With or without "?", not decoded.</param>
/// <param name="Headers">Keys in any case; several values of one joined by ", ".</param>
/// <param name="Body">Owned by the request until its reply is made.</param>
public sealed record DeviceRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body, IPAddress? From)
{
    /// <summary>The <see cref="BodyReader"/> of a request whose body is there.</summary>
    // A bare null would become an empty array here, and that an empty body.
    internal ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Body.Length <= maxBytes ? Body : (ReadOnlyMemory<byte>?)null);
}
