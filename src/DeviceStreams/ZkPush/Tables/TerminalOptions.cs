using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// What a terminal says of itself: <c>table=options</c>, the body of its registration, the answers to <c>INFO</c> and <c>GET OPTIONS</c>. Among the hundred keys are passwords; those named here are
/// read, no other is kept or logged.
/// </summary>
/// <param name="Count">Keys in all.</param>
internal sealed record TerminalOptions(string Model, string Firmware, int? Language, int? UserCount, int? FaceCount, int? LogCount, string Address, int Count)
{
    private const int WordLength = 64;

    public static TerminalOptions Parse(ReadOnlySpan<byte> text)
    {
        var (model, firmware, address, count) = ("", "", "", 0);
        int? language = null, users = null, faces = null, log = null;
        var pairs = new ZkCommaPairs(text);
        while (pairs.MoveNext())
        {
            count++;
            if (pairs.KeyIs("DeviceName"u8))
                model = Word(pairs.Value);
            else if (pairs.KeyIs("FirmVer"u8) || pairs.KeyIs("FWVersion"u8) || pairs.KeyIs("FirmwareVersion"u8))
                firmware = Word(pairs.Value);
            else if (pairs.KeyIs("Language"u8))
                language = ZkNumber.Parse(pairs.Value);
            else if (pairs.KeyIs("UserCount"u8))
                users = ZkNumber.Parse(pairs.Value);
            else if (pairs.KeyIs("FaceCount"u8))
                faces = ZkNumber.Parse(pairs.Value);
            else if (pairs.KeyIs("TransactionCount"u8) || pairs.KeyIs("AttLogCount"u8) || pairs.KeyIs("AttCount"u8))
                log = ZkNumber.Parse(pairs.Value);
            else if (pairs.KeyIs("IPAddress"u8))
                address = Word(pairs.Value);
        }

        return new TerminalOptions(model, firmware, language, users, faces, log, address, count);
    }

    /// <summary>The first values of <c>INFO=</c> in a poll: firmware, users, fingerprints, log, address, ..., the ninth the faces.</summary>
    public static TerminalOptions ParseInfo(string info)
    {
        var values = info.Split(',', 16);
        int? Number(int index) => index < values.Length && int.TryParse(values[index], out var number) ? number : null;
        return new TerminalOptions(
            "", ZkText.Cut(values[0].Trim(), WordLength), Language: null, Number(1), Number(8), Number(3), values.Length > 4 ? ZkText.Cut(values[4].Trim(), WordLength) : "", values.Length);
    }

    private static string Word(ReadOnlySpan<byte> value) => ZkText.Clean(value, ZkEncoding.ByValidity, WordLength);
}
