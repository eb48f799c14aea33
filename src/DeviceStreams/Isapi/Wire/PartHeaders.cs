using System.Globalization;
using System.Text;

namespace MediaScore.DeviceStreams.Isapi.Wire;

/// <summary>What a part says about itself, as far as it is of use.</summary>
internal sealed class PartHeaders
{
    public string Name { get; private set; } = "";

    /// <summary>Null where it says none, or nonsense. Not to be believed without a look.</summary>
    public int? Length { get; private set; }

    public int Count { get; private set; }

    public bool IsPicture { get; private set; }

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Count++;
        var text = Encoding.Latin1.GetString(value).Trim();
        if (Is(name, "content-type"u8))
            IsPicture = text.StartsWith("image/", StringComparison.OrdinalIgnoreCase);
        else if (Is(name, "content-length"u8))
            Length = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
        else if (Is(name, "content-disposition"u8))
            Name = HeaderWords.Parameter(text, "name") ?? "";
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lowerCase) => Ascii.EqualsIgnoreCase(name.Trim((byte)' '), lowerCase);
}
