using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>A picture inside a record: <c>BIOPHOTO</c> (what faces are compared with), <c>USERPIC</c> (for the eye), and <c>ATTPHOTO</c> of the security dialect.</summary>
internal readonly ref struct PictureLine
{
    /// <summary>Whom it shows; of ATTPHOTO the file's name, <c>20260722143000-4711.jpg</c>.</summary>
    public ReadOnlySpan<byte> Pin { get; private init; }

    /// <summary>9: a face.</summary>
    public int? Type { get; private init; }

    public ReadOnlySpan<byte> Base64 { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> line, out PictureLine record)
    {
        ReadOnlySpan<byte> pin = default, content = default;
        int? type = null;
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("pin"u8))
                pin = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("type"u8))
                type = ZkNumber.Parse(pairs.Value);
            else if (pairs.KeyIs("content"u8) || pairs.KeyIs("photo"u8))
                content = pairs.Value;
        }

        record = new PictureLine { Pin = pin, Type = type, Base64 = content };
        return !pin.IsEmpty && !content.IsEmpty;
    }
}
