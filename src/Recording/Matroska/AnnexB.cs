using System.Buffers.Binary;

namespace MediaScore.Recording.Matroska;

/// <summary>H.264 from the byte-stream format (ITU-T H.264, Annex B) to that of files: lengths instead of start codes (ISO/IEC 14496-15).</summary>
internal static class AnnexB
{
    private const int SequenceParameters = 7;
    private const int PictureParameters = 8;
    private const int AccessUnitDelimiter = 9;

    /// <summary>The access unit with 4 bytes of length before each unit; delimiters are left out, files have no use for them.</summary>
    public static byte[] ToLengthPrefixed(ReadOnlySpan<byte> accessUnit)
    {
        var output = new MemoryStream(accessUnit.Length + 16);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        while (TryReadUnit(ref accessUnit, out var unit))
        {
            if (UnitType(unit) == AccessUnitDelimiter)
                continue;
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)unit.Length);
            output.Write(length);
            output.Write(unit);
        }

        return output.ToArray();
    }

    /// <summary>The decoder's configuration (<c>avcC</c>) and the picture size from a key frame's parameter sets; null where it has none.</summary>
    public static (byte[] Configuration, int Width, int Height)? TryReadConfiguration(ReadOnlySpan<byte> keyFrame)
    {
        ReadOnlySpan<byte> sequence = default, picture = default;
        while (TryReadUnit(ref keyFrame, out var unit))
        {
            if (UnitType(unit) == SequenceParameters)
                sequence = unit;
            else if (UnitType(unit) == PictureParameters)
                picture = unit;
        }

        if (sequence.Length < 4 || picture.IsEmpty || sequence.Length > ushort.MaxValue || picture.Length > ushort.MaxValue
            || SequenceParameterSet.TryReadSize(sequence) is not { } size)
        {
            return null;
        }

        var configuration = new byte[11 + sequence.Length + picture.Length];
        configuration[0] = 1;
        sequence[1..4].CopyTo(configuration.AsSpan(1)); // Profile, compatibility, level.
        configuration[4] = 0xFF; // Lengths of 4 bytes.
        configuration[5] = 0xE1; // One sequence parameter set.
        BinaryPrimitives.WriteUInt16BigEndian(configuration.AsSpan(6), (ushort)sequence.Length);
        sequence.CopyTo(configuration.AsSpan(8));
        configuration[8 + sequence.Length] = 1; // One picture parameter set.
        BinaryPrimitives.WriteUInt16BigEndian(configuration.AsSpan(9 + sequence.Length), (ushort)picture.Length);
        picture.CopyTo(configuration.AsSpan(11 + sequence.Length));
        return (configuration, size.Width, size.Height);
    }

    private static int UnitType(ReadOnlySpan<byte> unit) => unit.IsEmpty ? 0 : unit[0] & 0x1F;

    /// <summary>The next unit without its start code, and <paramref name="bytes"/> moved behind it.</summary>
    private static bool TryReadUnit(scoped ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> unit)
    {
        unit = default;
        var start = bytes.IndexOf<byte>([0, 0, 1]);
        if (start < 0)
            return false;
        var rest = bytes[(start + 3)..];
        var next = rest.IndexOf<byte>([0, 0, 1]);
        // A start code of four bytes begins with one more zero; zeros at a unit's end are padding, never part of it.
        unit = (next < 0 ? rest : rest[..next]).TrimEnd((byte)0);
        bytes = next < 0 ? default : rest[next..];
        return true;
    }
}
