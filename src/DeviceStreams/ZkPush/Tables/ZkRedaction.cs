using System.Text;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>What a person may see of a line that could not be read: terminals write passwords and templates into lines like any other.</summary>
internal static class ZkRedaction
{
    private const int MaxLength = 200;

    private static readonly string[] Secrets = ["pass", "pwd", "tmp", "template", "content", "photo", "picture", "key", "secret", "token"];

    /// <returns>Null where there may be a secret in it, or where it is no text.</returns>
    public static string? ForOperator(ReadOnlySpan<byte> line, ZkEncoding encoding)
    {
        var part = line[..Math.Min(line.Length, MaxLength)];
        // Of a long line the end may hold what the beginning does not show.
        if (line.Length > 4 * MaxLength || part.ContainsAnyInRange((byte)0, (byte)8))
            return null;
        var text = Encoding.Latin1.GetString(line);
        return Secrets.Any(secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase)) ? null : ZkText.Clean(part, encoding, MaxLength);
    }
}
