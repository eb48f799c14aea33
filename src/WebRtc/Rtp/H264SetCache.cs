namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// The sequence and picture parameter sets of a stream (H.264, 7.3.2.1 and 7.3.2.2), to be put before every key frame: a recording that is cut there can be
/// decoded. Bounded: a few sets of each kind, the oldest makes room.
/// </summary>
internal sealed class H264SetCache
{
    public const int SequenceSetType = 7;
    public const int PictureSetType = 8;

    // Browsers use one of each at a time; a change of resolution brings new ones under the same or the next number.
    private const int Capacity = 4;

    // A sequence set with every optional part is some hundred bytes.
    private const int MaxSetBytes = 1024;

    private readonly List<Entry> _sets = new(2 * Capacity);

    /// <summary>There is one of each kind.</summary>
    public bool AreComplete { get; private set; }

    /// <summary>Remembers a set, in place of the one with its number.</summary>
    /// <returns>False where it is none, or too long.</returns>
    public bool TryLearn(ReadOnlySpan<byte> unit)
    {
        if (unit.Length is < 2 or > MaxSetBytes || !TryReadId(unit, out var id))
            return false;
        var type = unit[0] & 0x1F;
        for (var index = 0; index < _sets.Count; index++)
        {
            if (_sets[index].Type != type || _sets[index].Id != id)
                continue;
            // The usual case, several times a minute: the same set again, which must not cost an array.
            if (!unit.SequenceEqual(_sets[index].Unit))
                _sets[index] = new Entry(type, id, unit.ToArray());
            return true;
        }

        MakeRoom(type);
        _sets.Add(new Entry(type, id, unit.ToArray()));
        AreComplete = _sets.Exists(static set => set.Type == SequenceSetType) && _sets.Exists(static set => set.Type == PictureSetType);
        return true;
    }

    /// <summary>Puts all of one kind into the frame, each behind a start code.</summary>
    /// <returns>Where the next unit goes; -1 where the frame became too large.</returns>
    public int Insert(FrameBuffer frame, int at, int type)
    {
        foreach (var set in _sets)
        {
            if (set.Type != type)
                continue;
            if (!frame.TryInsert(at, H264Depacketizer.StartCode) || !frame.TryInsert(at + H264Depacketizer.StartCode.Length, set.Unit))
                return -1;
            at += H264Depacketizer.StartCode.Length + set.Unit.Length;
        }

        return at;
    }

    private void MakeRoom(int type)
    {
        var count = 0;
        foreach (var set in _sets)
            count += set.Type == type ? 1 : 0;
        if (count >= Capacity)
            _sets.RemoveAt(_sets.FindIndex(set => set.Type == type));
    }

    // seq_parameter_set_id follows profile, constraints and level; pic_parameter_set_id comes first (7.3.2.1.1, 7.3.2.2).
    private static bool TryReadId(ReadOnlySpan<byte> unit, out int id)
    {
        id = 0;
        var at = (unit[0] & 0x1F) == SequenceSetType ? 4 : 1;
        return unit.Length > at && TryReadExpGolomb(unit[at..], out id) && id <= 255;
    }

    private static bool TryReadExpGolomb(ReadOnlySpan<byte> bytes, out int value)
    {
        // Numbers of sets end at 255: 17 bits, whose first eight are zero, hold the largest.
        var window = 0u;
        for (var index = 0; index < 4; index++)
            window = window << 8 | (index < bytes.Length ? bytes[index] : 0u);
        var zeros = System.Numerics.BitOperations.LeadingZeroCount(window);
        value = zeros > 8 ? 0 : (int)(window << zeros >> 31 - zeros) - 1;
        return zeros <= 8;
    }

    private readonly record struct Entry(int Type, int Id, byte[] Unit);
}
