using System.Text;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// The photo that a terminal took of somebody who clocked in: <c>PIN=NAME\nSN=…\nsize=…\nCMD=uploadphoto\0</c> and the JPEG behind it, a JPEG alone (its name in the query), or base64 behind
/// <c>picture=</c>. The size that it states is not believed: the bytes count.
/// </summary>
/// <param name="FileName"><c>YYYYMMDDHHMMSS-PIN.jpg</c>; without a PIN nobody was recognised. At most 64 characters, may be empty.</param>
internal readonly record struct AttendancePhoto(string FileName, ReadOnlyMemory<byte> Jpeg)
{
    private const int MaxHeaderBytes = 1_024;
    private const int MaxNameLength = 64;

    /// <returns>False where there is no JPEG in it.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> body, ZkQuery query, out AttendancePhoto photo)
    {
        photo = default;
        var start = body.Span.IndexOf(ZkBase64.JpegStart);
        var header = body.Span[..Math.Min(start < 0 ? body.Length : start, MaxHeaderBytes)];
        var end = header.IndexOf((byte)0);
        if (end >= 0)
            header = header[..end];
        var name = "";
        var position = 0;
        while (name.Length == 0 && ZkLines.TryTake(header, ref position, out var line))
        {
            if (line.Length > 4 && Ascii.EqualsIgnoreCase(line[..4], "pin="u8))
                name = ZkText.Clean(line[4..], ZkEncoding.ByValidity, MaxNameLength);
        }

        if (name.Length == 0)
            name = ZkText.Cut(query["PIN"] ?? query["photo"] ?? query["FileName"] ?? "", MaxNameLength);
        if (start >= 0)
        {
            photo = new AttendancePhoto(name, body[start..]);
            return true;
        }

        return TryParseBase64(body.Span, name, out photo);
    }

    private static bool TryParseBase64(ReadOnlySpan<byte> body, string name, out AttendancePhoto photo)
    {
        photo = default;
        var at = body.IndexOf("picture="u8);
        if (at < 0 || ZkBase64.Decode(body[(at + "picture="u8.Length)..]) is not { } jpeg || !ZkBase64.IsJpeg(jpeg))
            return false;
        photo = new AttendancePhoto(name, jpeg);
        return true;
    }
}
