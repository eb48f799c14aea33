using System.Text.Json.Serialization;

namespace MediaScore.Load.Results;

/// <summary>One row of the table: what was asked, what the clients saw, what the server used, and where. <c>row.json</c> beside the report.</summary>
/// <param name="Command">The command that gives it again.</param>
/// <param name="Repeat">1 for the first of several equal runs.</param>
internal sealed record LoadRow(DateTimeOffset StartedAt, string Command, int Repeat, DriverResult Driver, ServerUsage Server, EnvironmentDescription Environment)
{
    /// <summary>Version of this format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>What the row misses of the goals; empty where it meets them all.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Misses => LoadGoals.MissedBy(this);
}
