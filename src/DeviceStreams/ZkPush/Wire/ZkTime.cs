namespace MediaScore.DeviceStreams.ZkPush.Wire;

/// <summary>Times as terminals write them: their wall clock without a zone, in letters or packed into a number.</summary>
internal static class ZkTime
{
    private const int TextLength = 19;

    /// <summary><c>YYYY-MM-DD HH:MM:SS</c>, to the letter: a line that was cut in the middle of its time must not become another time.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTime local)
    {
        local = default;
        var digits = text.Trim((byte)' ');
        if (digits.Length != TextLength || digits[4] != '-' || digits[7] != '-' || digits[10] is not ((byte)' ' or (byte)'T') || digits[13] != ':' || digits[16] != ':')
            return false;
        return Number(digits[..4], out var year) && Number(digits.Slice(5, 2), out var month) && Number(digits.Slice(8, 2), out var day)
            && Number(digits.Slice(11, 2), out var hour) && Number(digits.Slice(14, 2), out var minute) && Number(digits.Slice(17, 2), out var second)
            && TryMake(year, month, day, hour, minute, second, out local);
    }

    /// <summary><c>YYYYMMDDHHMMSS</c>, as in the names of photos.</summary>
    public static bool TryParseCompact(ReadOnlySpan<char> text, out DateTime local)
    {
        local = default;
        if (text.Length != 14 || text.IndexOfAnyExceptInRange('0', '9') >= 0)
            return false;
        return TryMake(
            int.Parse(text[..4]), int.Parse(text.Slice(4, 2)), int.Parse(text.Slice(6, 2)), int.Parse(text.Slice(8, 2)), int.Parse(text.Slice(10, 2)), int.Parse(text.Slice(12, 2)), out local);
    }

    /// <summary>Seconds since 1970 in UTC, ten digits (2001 to 2286), which some firmware writes instead.</summary>
    public static bool TryParseEpoch(ReadOnlySpan<byte> text, out DateTimeOffset instant)
    {
        instant = default;
        var digits = text.Trim((byte)' ');
        if (digits.Length != 10 || digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
            return false;
        instant = DateTimeOffset.FromUnixTimeSeconds(ZkNumber.ParseLong(digits)!.Value);
        return instant.Year is >= 2001 and <= 2099;
    }

    /// <summary>Packed as if every month had 31 days, from 2000 on; no epoch's seconds.</summary>
    public static long Pack(DateTime local) =>
        (((((((local.Year - 2000) * 12L) + local.Month - 1) * 31) + local.Day - 1) * 24 + local.Hour) * 60 + local.Minute) * 60 + local.Second;

    /// <inheritdoc cref="Pack"/>
    public static bool TryUnpack(long packed, out DateTime local)
    {
        local = default;
        // 2100 in the same measure.
        if (packed is < 0 or >= 100 * 12 * 31 * 86_400L)
            return false;
        return TryMake(
            (int)(packed / 32_140_800) + 2000, (int)(packed / 2_678_400 % 12) + 1, (int)(packed / 86_400 % 31) + 1, (int)(packed / 3_600 % 24), (int)(packed / 60 % 60), (int)(packed % 60), out local);
    }

    private static bool TryMake(int year, int month, int day, int hour, int minute, int second, out DateTime local)
    {
        local = default;
        if (year is < 1970 or > 2099 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        local = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            value = (value * 10) + digit - '0';
        }

        return true;
    }
}
