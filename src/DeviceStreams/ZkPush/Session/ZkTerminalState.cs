using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>What has to survive a restart of the server, of one terminal: <c>DeviceRow.Cursor</c>, a JSON object of at most 1,024 characters. Immutable.</summary>
internal sealed record ZkTerminalState
{
    private const int MaxStamps = 8;
    private const int MaxStampLength = 32;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>What its traffic proved; null: nothing yet.</summary>
    public ZkDialect? Dialect { get; init; }

    /// <summary>Its handshake said <c>pid</c>, and it shakes hands only when it starts: two fields of its attendance mean something else, and a failed check must not become an entry.</summary>
    public bool ChecksCards { get; init; }

    /// <summary>Of its menu: 83 is Chinese.</summary>
    public int? Language { get; init; }

    /// <summary>Both are opaque to the terminal, which derives a token from them: stable.</summary>
    public string RegistryCode { get; init; } = "";

    /// <inheritdoc cref="RegistryCode"/>
    public string SessionId { get; init; } = "";

    /// <summary>The offset from UTC that its clock was given, in minutes; null: none.</summary>
    public int? OffsetMinutes { get; init; }

    public DateTimeOffset? OffsetGivenAt { get; init; }

    /// <summary>At the next handshake it is asked to send its whole log again.</summary>
    public bool ResendAll { get; init; }

    /// <summary>The last stamp that it said, by table: how far its own log is sent.</summary>
    public IReadOnlyDictionary<string, string> Stamps { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <returns>An empty one where there is none, or it is not readable.</returns>
    public static ZkTerminalState Parse(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return new ZkTerminalState();
        try
        {
            return JsonSerializer.Deserialize<ZkTerminalState>(cursor, Json) ?? new ZkTerminalState();
        }
        catch (JsonException)
        {
            return new ZkTerminalState();
        }
    }

    public string ToCursor() => JsonSerializer.Serialize(this, Json);

    public ZkTerminalState WithStamp(string table, string stamp)
    {
        if (stamp.Length is 0 or > MaxStampLength || (Stamps.TryGetValue(table, out var known) && known == stamp) || (known is null && Stamps.Count >= MaxStamps))
            return this;
        return this with { Stamps = new Dictionary<string, string>(Stamps, StringComparer.Ordinal) { [table] = stamp } };
    }
}
