using System.Security.Cryptography.X509Certificates;

namespace MediaScore.DeviceStreams.Simulation;

/// <summary>How a simulated face terminal behaves.</summary>
/// <param name="Server">Where it connects.</param>
/// <param name="FramesPerSecond">0.1 to 20.</param>
/// <param name="FramesPerPass">Frames that one person stays in front of it.</param>
/// <param name="PauseBetweenPasses">Nobody in front of it, and no frames.</param>
public sealed record TerminalPlan(
    Uri Server, string Serial, string Key, IReadOnlyList<SimulatedFace> Faces, double FramesPerSecond = 2, int FramesPerPass = 4, TimeSpan PauseBetweenPasses = default)
{
    public string Tenant { get; init; } = "default";

    public string Model { get; init; } = "simulated terminal";

    /// <summary>Shown instead of the key, with its private key; needs a server over TLS. Null: the key. The caller's.</summary>
    public X509Certificate2? Certificate { get; init; }

    public Misbehaviour Misbehaviour { get; init; }

    /// <summary>Of what it does at random.</summary>
    public int Seed { get; init; }
}
