using System.Buffers.Binary;
using MediaScore.Peers.Sources;

namespace MediaScore.Peers.Packets;

/// <summary>
/// RFC 6184, packetization mode 1, as browsers do it: neighbouring small units (SPS, PPS, a short slice) share a STAP-A, a unit that fits goes alone, a longer one
/// in FU-A of equal parts.
/// </summary>
internal sealed class H264Packetizer(int maxPayloadBytes) : IPacketizer
{
    private const byte StapA = 24;
    private const byte FuA = 28;
    private const byte FuStart = 0x80;
    private const byte FuEnd = 0x40;
    private const int StapHeaderLength = 1;
    private const int StapSizeLength = 2;
    private const int FuHeaderLength = 2;

    private readonly List<Range> _units = [];
    private ReadOnlyMemory<byte> _frame;
    private int _unit;
    private int _fragmentOffset; // Into the unit being fragmented; 0 = none.
    private int _fragmentBytes;

    public void Begin(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        _units.Clear();
        _unit = 0;
        _fragmentOffset = 0;
        var from = 0;
        while (AnnexBUnits.TryNext(frame.Span, ref from, out var unit))
            _units.Add(unit);
    }

    public bool TryWriteNext(Span<byte> payload, out int length, out bool last)
    {
        length = 0;
        last = true;
        if (_unit >= _units.Count)
            return false;
        var unit = _frame.Span[_units[_unit]];
        if (unit.Length > maxPayloadBytes)
        {
            length = WriteFragment(unit, payload);
        }
        else
        {
            var together = CountTogether();
            length = together > 1 ? WriteAggregate(together, payload) : WriteAlone(unit, payload);
            _unit += together;
        }

        last = _unit >= _units.Count;
        return true;
    }

    private int CountTogether()
    {
        var length = StapHeaderLength;
        var count = 0;
        for (var i = _unit; i < _units.Count; i++)
        {
            length += StapSizeLength + _frame.Span[_units[i]].Length;
            if (length > maxPayloadBytes)
                break;
            count++;
        }

        return Math.Max(1, count);
    }

    private static int WriteAlone(ReadOnlySpan<byte> unit, Span<byte> payload)
    {
        unit.CopyTo(payload);
        return unit.Length;
    }

    private int WriteAggregate(int count, Span<byte> payload)
    {
        var at = StapHeaderLength;
        var importance = 0;
        for (var i = _unit; i < _unit + count; i++)
        {
            var unit = _frame.Span[_units[i]];
            // 5.7.1: the aggregate is as important as its most important unit.
            importance = Math.Max(importance, unit[0] & 0x60);
            BinaryPrimitives.WriteUInt16BigEndian(payload[at..], (ushort)unit.Length);
            at += StapSizeLength;
            unit.CopyTo(payload[at..]);
            at += unit.Length;
        }

        payload[0] = (byte)(importance | StapA);
        return at;
    }

    private int WriteFragment(ReadOnlySpan<byte> unit, Span<byte> payload)
    {
        var start = _fragmentOffset == 0;
        if (start)
        {
            // The unit's header byte is not sent: FU indicator and header carry it.
            _fragmentOffset = 1;
            var room = maxPayloadBytes - FuHeaderLength;
            var parts = (unit.Length - 1 + room - 1) / room;
            _fragmentBytes = (unit.Length - 1 + parts - 1) / parts;
        }

        var part = unit.Slice(_fragmentOffset, Math.Min(_fragmentBytes, unit.Length - _fragmentOffset));
        _fragmentOffset += part.Length;
        var end = _fragmentOffset == unit.Length;
        payload[0] = (byte)((unit[0] & 0xE0) | FuA);
        payload[1] = (byte)((start ? FuStart : 0) | (end ? FuEnd : 0) | (unit[0] & 0x1F));
        part.CopyTo(payload[FuHeaderLength..]);
        if (end)
        {
            _fragmentOffset = 0;
            _unit++;
        }

        return FuHeaderLength + part.Length;
    }
}
