using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>What is remembered of one device, as JSON in <c>DeviceRow.Cursor</c>.</summary>
internal sealed record IsapiCursor
{
    private const int ReasonChars = 300;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>Everything up to this one is stored; 0: not known.</summary>
    public long Serial { get; init; }

    /// <summary>The device's time of that one.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The server's time at which that was so: the device's clock may be wrong.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>SHA-256 of the certificate that came first, with this <see cref="Login"/>.</summary>
    public string? Certificate { get; init; }

    /// <summary>Of the address and the sealed login that all of this is about. Others begin anew: a person has been there.</summary>
    public string? Login { get; init; }

    /// <summary>Why nothing is tried any more with this <see cref="Login"/>; over restarts of the server too.</summary>
    public string? Stopped { get; init; }

    /// <summary>Which of two names this device takes a face under.</summary>
    public string? FacePart { get; init; }

    public static IsapiCursor Read(string? text)
    {
        try
        {
            return (text is null ? null : JsonSerializer.Deserialize<IsapiCursor>(text, Options)) ?? new IsapiCursor();
        }
        catch (JsonException)
        {
            // Nothing is lost by it: the log is read again, and what is there is known.
            return new IsapiCursor();
        }
    }

    public string Write() => JsonSerializer.Serialize(this with { Stopped = Stopped?[..Math.Min(Stopped.Length, ReasonChars)] }, Options);

    /// <summary>Of where a device is and how it is entered. A login that is sealed again is another one, also with the same password.</summary>
    public static string HashOf(DeviceRow row) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(row.Address + "\n"), .. row.SealedLogin ?? []]).AsSpan(0, 12));
}
