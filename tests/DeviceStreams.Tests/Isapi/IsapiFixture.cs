using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>The bodies beside this file, written by us in the forms that devices send, and the tables of what comes of them.</summary>
internal static class IsapiFixture
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Isapi", "Fixtures");

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static IEnumerable<string> Names() => Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Where(name => !name.EndsWith(".tsv", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Rows of a table; lines with # are its head.</summary>
    public static IEnumerable<string[]> Table(string name) =>
        File.ReadLines(Path.Combine(Folder, name)).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'));

    /// <summary>A device that was never stored, for mappers.</summary>
    public static Device Device(string door = "", string zone = "") => new(
        new DeviceRow { Id = "dev-fixture", Tenant = "default", Protocol = DeviceProtocol.Isapi, Serial = "ENX01234567", State = DeviceState.Approved, Door = door, TimeZone = zone }, TimeProvider.System);

    /// <summary>One letter an event: granted, denied, not recognised, spoof, timed out, question, door, alarm, device, camera or other channel.</summary>
    public static string LettersOf(IEnumerable<IsapiEvent> events) => string.Concat(events.Select(happened => LetterOf(EventMapper.ToRow(happened, Device(), TimeZoneInfo.Utc, EventSource.Push, DateTimeOffset.UnixEpoch))));

    private static char LetterOf(DeviceEventRow row) => (row.Kind, row.Outcome) switch
    {
        (_, DeviceEventOutcome.Granted) => 'G',
        (_, DeviceEventOutcome.Denied) => 'D',
        (_, DeviceEventOutcome.NotRecognised) => 'N',
        (_, DeviceEventOutcome.Spoof) => 'L',
        (_, DeviceEventOutcome.TimedOut) => 'T',
        (_, DeviceEventOutcome.NotAssessed) => 'Q',
        (DeviceEventKind.Door, _) => 'S',
        (DeviceEventKind.Alarm, _) => 'A',
        (DeviceEventKind.Device, _) => 'V',
        _ => 'C',
    };
}
