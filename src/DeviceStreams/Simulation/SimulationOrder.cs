using System.Security.Cryptography.X509Certificates;

namespace MediaScore.DeviceStreams.Simulation;

/// <summary>Which devices are to be simulated, whatever they speak.</summary>
/// <param name="Server">Where they connect.</param>
/// <param name="Count">1 to <see cref="MaxCount"/>.</param>
/// <param name="RatePerSecond">Frames or events of one device a second, <see cref="MinRate"/> to <see cref="MaxRate"/>.</param>
/// <param name="Faces">Of people who step in front of them; may be empty where the protocol sends no pictures.</param>
public sealed record SimulationOrder(Uri Server, int Count, double RatePerSecond, IReadOnlyList<SimulatedFace> Faces)
{
    /// <summary>As many terminals as one server takes at once over gRPC.</summary>
    public const int MaxCount = 500;

    public const double MinRate = 0.1;

    /// <summary>More frames of one terminal are not looked at (device.proto).</summary>
    public const double MaxRate = 20;

    public string Tenant { get; init; } = "default";

    /// <summary>Client certificate of all of them, where their protocol can show one; null: each has a key.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Serials are this, a dash and the device's number.</summary>
    public string SerialPrefix { get; init; } = "SIM";

    public Misbehaviour Misbehaviour { get; init; }

    /// <summary>Hikvision's only: events are XML, as older ones write them, and not JSON.</summary>
    public bool WritesXml { get; init; }

    /// <summary>Of what they do at random; each device has its own behind it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The serial of one device, the same in every run: a device that was approved once stays so.</summary>
    /// <param name="number">From 1.</param>
    public string SerialOf(int number) => $"{SerialPrefix}-{number:0000}";

    /// <summary>Its key, the same in every run. A simulated device has no secrets.</summary>
    public static string KeyOf(string serial) => $"key-of-simulated-device-{serial}";

    /// <summary>All that is wrong with it, as a person reads it.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Count is < 1 or > MaxCount)
            faults.Add($"{Count} devices; it must be 1 to {MaxCount}");
        if (RatePerSecond is not (>= MinRate and <= MaxRate))
            faults.Add($"{RatePerSecond:0.###} frames or events a second and device; it must be {MinRate} to {MaxRate}");
        if (SerialPrefix is not { Length: >= 1 and <= 32 } || !SerialPrefix.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            faults.Add($"serial prefix '{SerialPrefix}'; it has 1 to 32 characters of A-Z a-z 0-9 _ - .");
        return faults;
    }
}
