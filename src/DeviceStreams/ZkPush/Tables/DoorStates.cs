using System.Globalization;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>The hexadecimal digits of <c>rtstate</c> in words.</summary>
internal static class DoorStates
{
    private const int MaxDoors = 8;

    private static readonly string[] AlarmNames = ["forced open", "tampered with", "duress password", "duress fingerprint", "open too long", "mains failed", "battery low", "reader removed"];

    /// <summary>Of <c>AABB</c>: doors 1 to 4 in AA, 5 to 8 in BB, two bits each, the lowest first.</summary>
    public static string Doors(ReadOnlySpan<byte> sensor)
    {
        var words = new List<string>();
        for (var door = 0; door < MaxDoors && ByteAt(sensor, door / 4) is { } bits; door++)
        {
            switch (bits >> (door % 4 * 2) & 3)
            {
                case 1:
                    words.Add($"door {door + 1} closed");
                    break;
                case 2:
                    words.Add($"door {door + 1} open");
                    break;
                default:
                    break;
            }
        }

        return string.Join(", ", words);
    }

    /// <summary>A byte a door, a bit an alarm.</summary>
    public static string Alarms(ReadOnlySpan<byte> alarm)
    {
        var words = new List<string>();
        for (var door = 0; door < MaxDoors && ByteAt(alarm, door) is { } bits; door++)
        {
            for (var bit = 0; bit < AlarmNames.Length; bit++)
            {
                if ((bits >> bit & 1) != 0)
                    words.Add($"door {door + 1} {AlarmNames[bit]}");
            }
        }

        return string.Join(", ", words);
    }

    private static int? ByteAt(ReadOnlySpan<byte> digits, int index) =>
        digits.Length >= (index * 2) + 2 && byte.TryParse(digits.Slice(index * 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
