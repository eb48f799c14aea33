using System.Buffers;
using System.Globalization;

namespace MediaScore.WebRtc.Sdp;

/// <summary>Character sets of what is read from an offer. All that an answer repeats has passed one of them, so that an offer cannot write lines into it.</summary>
internal static class SdpToken
{
    // RFC 8866, 9: token-char.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    // RFC 8839, 5.4: ice-char.
    private static readonly SearchValues<char> IceCharacters =
        SearchValues.Create("+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // RFC 8852, 3.1: letters and digits; RFC 8851 once allowed the other two, and they are seen.
    private static readonly SearchValues<char> RidCharacters =
        SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    /// <param name="maxLength">Longest that is accepted, characters.</param>
    public static bool IsToken(ReadOnlySpan<char> text, int maxLength) => text.Length > 0 && text.Length <= maxLength && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>Tokens with slashes between them, as <c>UDP/TLS/RTP/SAVPF</c>.</summary>
    public static bool IsProtocol(ReadOnlySpan<char> text)
    {
        // The longest that is registered has 22 characters.
        if (text.Length > 64)
            return false;
        foreach (var part in text.Split('/'))
        {
            if (!IsToken(text[part], 64))
                return false;
        }

        return true;
    }

    /// <summary>Lengths of RFC 8839, 5.4.</summary>
    public static bool IsIceUserFragment(ReadOnlySpan<char> text) => text.Length is >= 4 and <= 256 && !text.ContainsAnyExcept(IceCharacters);

    public static bool IsIcePassword(ReadOnlySpan<char> text) => text.Length is >= 22 and <= 256 && !text.ContainsAnyExcept(IceCharacters);

    // One-byte header extensions carry at most 16 bytes, two-byte ones more than any sender uses.
    public static bool IsRid(ReadOnlySpan<char> text) => text.Length is > 0 and <= 64 && !text.ContainsAnyExcept(RidCharacters);

    /// <summary>Digits only, 0 to 127.</summary>
    public static bool TryReadPayloadType(ReadOnlySpan<char> text, out byte payloadType) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out payloadType) && payloadType < 128;

    public static bool TryReadNumber(ReadOnlySpan<char> text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
