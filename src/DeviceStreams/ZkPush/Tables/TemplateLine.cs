using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>
/// A template in a format of the maker's: <c>BIODATA</c>, <c>FP</c>, <c>FACE</c>, <c>FVEIN</c>, <c>templatev10</c>. Only whose it is and of what kind is read; the template itself is useless
/// here and is kept nowhere.
/// </summary>
internal readonly ref struct TemplateLine
{
    private const int Finger = 1;
    private const int NearInfraredFace = 2;
    private const int FingerVein = 7;

    public ReadOnlySpan<byte> Pin { get; private init; }

    /// <summary>1 finger, 2 face in near infrared, 7 finger vein, 8 palm, 9 visible face, and others.</summary>
    public int Type { get; private init; }

    public int Number { get; private init; }

    public int Index { get; private init; }

    /// <summary>Characters of base64.</summary>
    public int TemplateLength { get; private init; }

    /// <param name="kind">The table's or the line's name, which says the type where no field does.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, string kind, out TemplateLine record)
    {
        ReadOnlySpan<byte> pin = default, template = default;
        int? type = kind switch { "fp" or "fingertmp" or "templatev10" => Finger, "face" => NearInfraredFace, "fvein" => FingerVein, _ => null };
        var (number, index) = (0, 0);
        var pairs = new ZkPairs(line);
        while (pairs.MoveNext())
        {
            if (pairs.KeyIs("pin"u8))
                pin = pairs.Value.Trim((byte)' ');
            else if (pairs.KeyIs("type"u8))
                type = ZkNumber.Parse(pairs.Value) ?? type;
            else if (pairs.KeyIs("no"u8) || pairs.KeyIs("fid"u8) || pairs.KeyIs("fingerid"u8))
                number = ZkNumber.Parse(pairs.Value) ?? 0;
            else if (pairs.KeyIs("index"u8))
                index = ZkNumber.Parse(pairs.Value) ?? 0;
            else if (pairs.KeyIs("tmp"u8) || pairs.KeyIs("template"u8))
                template = pairs.Value;
        }

        record = new TemplateLine { Pin = pin, Type = type ?? -1, Number = number, Index = index, TemplateLength = template.Length };
        return !pin.IsEmpty && type is not null && !template.IsEmpty;
    }
}
