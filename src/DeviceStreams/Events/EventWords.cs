using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Events;

/// <summary>The words of events, as docs/formats/mqtt.md and the device API's document list them.</summary>
internal static class EventWords
{
    public const string Seen = "seen";
    public const string Reading = "reading";

    private static readonly Dictionary<string, DeviceEventKind> Kinds = new(StringComparer.Ordinal)
    {
        ["access"] = DeviceEventKind.Access,
        ["attendance"] = DeviceEventKind.Attendance,
        ["door"] = DeviceEventKind.Door,
        ["alarm"] = DeviceEventKind.Alarm,
        ["device"] = DeviceEventKind.Device,
        // A badge's button, and what its battery says of itself.
        ["button"] = DeviceEventKind.Device,
        ["battery"] = DeviceEventKind.Device,
        [Seen] = DeviceEventKind.Sensor,
        [Reading] = DeviceEventKind.Sensor,
    };

    private static readonly Dictionary<string, DeviceEventOutcome> Outcomes = new(StringComparer.Ordinal)
    {
        ["none"] = DeviceEventOutcome.None,
        ["granted"] = DeviceEventOutcome.Granted,
        ["denied"] = DeviceEventOutcome.Denied,
        ["not-recognised"] = DeviceEventOutcome.NotRecognised,
        ["spoof"] = DeviceEventOutcome.Spoof,
        ["timed-out"] = DeviceEventOutcome.TimedOut,
        ["not-assessed"] = DeviceEventOutcome.NotAssessed,
    };

    public static IReadOnlyCollection<string> AllKinds => Kinds.Keys;

    public static IReadOnlyCollection<string> AllOutcomes => Outcomes.Keys;

    public static IReadOnlyCollection<string> Directions { get; } = ["in", "out"];

    public static DeviceEventKind KindOf(string word) => Kinds[word];

    public static DeviceEventOutcome OutcomeOf(string? word) => word is null ? DeviceEventOutcome.None : Outcomes[word];

    public static string WordOf(DeviceEventOutcome outcome) => Outcomes.First(pair => pair.Value == outcome).Key;
}
