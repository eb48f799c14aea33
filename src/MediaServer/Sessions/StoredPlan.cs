using MediaScore.Assessment.Plans;

namespace MediaScore.MediaServer.Sessions;

/// <summary>A plan and the very bytes it was read from, whose hash every timeline carries.</summary>
internal sealed record StoredPlan(InterviewPlan Plan, byte[] Yaml)
{
    /// <summary>Lower-case hex SHA-256 of <see cref="Yaml"/>.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Yaml));
}
