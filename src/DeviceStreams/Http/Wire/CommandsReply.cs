using System.Text.Json;

namespace MediaScore.DeviceStreams.Http.Wire;

/// <summary>What the device is to do now; empty: nothing, ask again.</summary>
public sealed record CommandsReply
{
    /// <summary>In the order in which they are to be done.</summary>
    public required IReadOnlyList<DeviceCommand> Commands { get; init; }
}

/// <summary>One command. It comes again after a minute without a result, with the same id.</summary>
public sealed record DeviceCommand
{
    /// <summary>Growing.</summary>
    public required long Id { get; init; }

    /// <summary>"enrol", "delete", "time-sync", "settings", "fetch-logs", "open-door", or what only this device knows. One that it does not know it answers with succeeded: false.</summary>
    public required string Kind { get; init; }

    /// <summary>What the kind needs, an object: enrol {personNumber, displayName, seconds}, delete {personNumber}, fetch-logs {from, to}, open-door {seconds}.</summary>
    [JsonForm(JsonForm.Object)] public required JsonElement Arguments { get; init; }

    /// <summary>Not to be done any more after this time.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
