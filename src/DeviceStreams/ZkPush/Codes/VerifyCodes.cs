using System.Buffers.Text;
using System.Text;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Codes;

/// <summary>How somebody proved who they are: a number, or 16 characters of 0 and 1 in newer firmware of the security dialect.</summary>
internal static class VerifyCodes
{
    private const int BitCount = 16;
    private const int MaxLength = 32;

    // From the right; palm print and palm vein are one word.
    private static readonly string[] BitNames = ["", "face", "palm", "palm", "fingerprint", "vein", "voice", "iris", "retina", "password", "pin", "card", "", "", "", ""];

    /// <summary>Words of <c>DeviceEventRow.Method</c>; what stands for "this or that" stays the terminal's number, and what says nothing is empty.</summary>
    public static string MethodOf(ReadOnlySpan<byte> code)
    {
        var text = code.Trim((byte)' ');
        if (text.Length == BitCount && text.IndexOfAnyExcept((byte)'0', (byte)'1') < 0)
            return OfBits(text);
        return Utf8Parser.TryParse(text, out int number, out var consumed) && consumed == text.Length ? OfNumber(number) : "";
    }

    private static string OfNumber(int number) => number switch
    {
        1 => "fingerprint",
        2 => "pin",
        3 => "password",
        4 => "card",
        8 => "pin+fingerprint",
        9 => "fingerprint+password",
        10 => "card+fingerprint",
        11 => "card+password",
        12 => "fingerprint+password+card",
        13 => "pin+fingerprint+password",
        15 => "face",
        16 => "face+fingerprint",
        17 => "face+password",
        18 => "face+card",
        19 => "face+fingerprint+card",
        20 => "face+fingerprint+password",
        21 => "vein",
        22 => "vein+password",
        23 => "vein+card",
        24 => "vein+password+card",
        25 => "palm",
        26 => "palm+card",
        27 => "palm+face",
        28 => "palm+fingerprint",
        29 => "palm+fingerprint+face",
        // 0 is "whatever the terminal allows", 200 "no verification".
        <= 0 or 200 => "",
        _ => number.ToString(),
    };

    private static string OfBits(ReadOnlySpan<byte> bits)
    {
        var names = new List<string>();
        for (var bit = 1; bit < BitCount; bit++)
        {
            if (bits[BitCount - 1 - bit] == (byte)'1' && BitNames[bit].Length > 0 && !names.Contains(BitNames[bit]))
                names.Add(BitNames[bit]);
        }

        var isAll = bits[^1] == (byte)'1';
        return names.Count switch
        {
            0 => "",
            1 => names[0],
            _ => isAll ? ZkText.Cut(string.Join('+', names), MaxLength) : Encoding.ASCII.GetString(bits),
        };
    }
}
