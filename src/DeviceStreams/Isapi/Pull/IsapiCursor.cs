using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.DeviceStreams.Isapi.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>What is remembered of one device, as JSON in <c>DeviceRow.Cursor</c>.</summary>
internal sealed record IsapiCursor
{
    // The column's.
    private const int MostChars = 1_024;
    private const int ReasonChars = 300;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        // It goes into a column and nowhere else: a letter beyond ASCII is one character, and not six.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Everything up to this one is stored; 0: not known.</summary>
    public long Serial { get; init; }

    /// <summary>The first that came live while <see cref="Serial"/> is 0: what follows it can be asked for by serial, whatever the device's clock shows. Else 0.</summary>
    public long Anchor { get; init; }

    /// <summary>The device's time of <see cref="Serial"/>.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The server's time at which that was so: the device's clock may be wrong.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>SHA-256 of the certificate that came first, with this <see cref="Login"/>.</summary>
    public string? Certificate { get; init; }

    /// <summary>The serial of the device that answered first, with this <see cref="Login"/>, where nobody gave one; null elsewhere.</summary>
    public string? OwnSerial { get; init; }

    /// <summary>Of the address and the sealed login that all of this is about. Others begin anew: a person has been there.</summary>
    public string? Login { get; init; }

    /// <summary>Why nothing is tried any more with this <see cref="Login"/>; over restarts of the server too.</summary>
    public string? Stopped { get; init; }

    /// <summary>When it may be tried once more all the same (<see cref="IsapiOptions.RetryAfterLock"/>); null: only when a person has changed something.</summary>
    public DateTimeOffset? StoppedUntil { get; init; }

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

    /// <returns>At most 1,024 characters: the reason is what is cut.</returns>
    public string Write()
    {
        // Escaping makes several characters of some: only the whole tells whether it fits.
        for (var chars = ReasonChars; ; chars /= 2)
        {
            var text = JsonSerializer.Serialize(this with { Stopped = Stopped is null ? null : DeviceText.Clean(Stopped, chars) }, Options);
            if (text.Length <= MostChars || chars <= 1)
                return text;
        }
    }

    /// <summary>Of where a device is and how it is entered. A login that is sealed again is another one, also with the same password.</summary>
    public static string HashOf(DeviceRow row) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(row.Address + "\n"), .. row.SealedLogin ?? []]).AsSpan(0, 12));
}
