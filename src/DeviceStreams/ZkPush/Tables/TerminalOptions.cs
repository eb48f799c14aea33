using System.Text;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// What a terminal says of itself: <c>table=options</c>, the body of its registration, the answers to <c>INFO</c> and <c>GET OPTIONS</c>. Among the hundred keys are passwords; those named here are
/// read, no other is kept or logged.
/// </summary>
/// <param name="Model">Empty where it does not say, as the next.</param>
/// <param name="Language">Of its menu.</param>
/// <param name="Count">Keys in all.</param>
internal sealed record TerminalOptions(string Model, string Firmware, int? Language, int Count)
{
    private const int WordLength = 64;

    public static TerminalOptions Parse(ReadOnlySpan<byte> text)
    {
        var (model, firmware, count) = ("", "", 0);
        int? language = null;
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
        }

        return new TerminalOptions(model, firmware, language, count);
    }

    /// <summary>Of <c>INFO=</c> in a poll: firmware, and up to twelve more that have no use here.</summary>
    public static TerminalOptions ParseInfo(string info) => new("", Word(Encoding.UTF8.GetBytes(info.Split(',', 2)[0])), Language: null, Count: 1);

    private static string Word(ReadOnlySpan<byte> value) => ZkText.Clean(value, ZkEncoding.ByValidity, WordLength);
}
