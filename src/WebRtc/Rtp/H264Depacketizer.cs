using System.Buffers.Binary;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// H.264 access units as Annex B from RTP payloads in the non-interleaved mode (RFC 6184, 6.3): single units, STAP-A, FU-A. Access unit delimiters and filler
/// are left out; parameter sets stand before every key frame, from the stream or remembered.
/// </summary>
internal sealed class H264Depacketizer(int maxFrameBytes) : IDepacketizer
{
    private const int IdrSlice = 5;
    private const int Delimiter = 9;
    private const int Filler = 12;
    private const int LastSingleUnit = 23;
    private const int StapA = 24;
    private const int FuA = 28;

    private readonly H264SetCache _sets = new();
    private readonly FrameBuffer _frame = new(maxFrameBytes);
    private long _ticks;
    private Instant _arrival;
    private bool _open;
    private bool _inFragment;
    private bool _isKey;
    private bool _hasSlice;
    private bool _hasSequenceSet;
    private bool _hasPictureSet;
    private bool _setsComeInBand;
    private bool _isAfterLoss;
    private bool _isBeginUncertain;
    private long _brokenTicks = long.MinValue;

    public static ReadOnlySpan<byte> StartCode => [0, 0, 0, 1];

    public long MalformedCount { get; private set; }

    /// <summary>Parameter sets that came with the offer (<c>sprop-parameter-sets</c>, decoded).</summary>
    public void Learn(ReadOnlySpan<byte> parameterSet) => _sets.TryLearn(parameterSet);

    public bool CanBeginWith(ReadOnlySpan<byte> payload)
    {
        var type = payload.IsEmpty ? 0 : payload[0] & 0x1F;
        if (type == StapA && payload.Length > 3)
            type = payload[3] & 0x1F;
        return type is H264SetCache.SequenceSetType or Delimiter;
    }

    public void Push(in MediaPacket packet, IFrameSink sink)
    {
        // Nothing is missing before this packet, so an access unit whose end was not marked ends here.
        if (_open && packet.Ticks != _ticks)
            Finish(sink);
        if (packet.Ticks == _brokenTicks)
            return;
        if (!_open)
            Open(packet);
        if (!TryTakePayload(packet.Payload))
        {
            if (!_isBeginUncertain)
                MalformedCount++;
            Break(packet.Ticks, sink);
        }
        else if (packet.Marker)
        {
            Finish(sink);
        }
    }

    public void Lost(IFrameSink sink)
    {
        _isAfterLoss = true;
        if (_open)
            Break(_ticks, sink);
    }

    public void Reset()
    {
        _open = _isAfterLoss = false;
        _brokenTicks = long.MinValue;
    }

    private void Open(in MediaPacket packet)
    {
        (_open, _ticks, _arrival) = (true, packet.Ticks, packet.Arrival);
        (_isBeginUncertain, _isAfterLoss) = (_isAfterLoss, false);
        _inFragment = _isKey = _hasSlice = _hasSequenceSet = _hasPictureSet = false;
        _frame.Clear();
    }

    private bool TryTakePayload(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || (payload[0] & 0x80) != 0)
            return false;
        var type = payload[0] & 0x1F;
        if (_inFragment && type != FuA)
            return false;
        return type switch
        {
            >= 1 and <= LastSingleUnit => TryAddUnit(payload),
            StapA => TryTakeAggregate(payload[1..]),
            FuA => TryTakeFragment(payload),
            _ => false,
        };
    }

    private bool TryTakeAggregate(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
            return false;
        while (!rest.IsEmpty)
        {
            if (rest.Length < 2)
                return false;
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (length == 0 || length > rest.Length - 2 || (rest[2] & 0x1F) is 0 or > LastSingleUnit || !TryAddUnit(rest.Slice(2, length)))
                return false;
            rest = rest[(2 + length)..];
        }

        return true;
    }

    private bool TryTakeFragment(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 3)
            return false;
        var (starts, ends) = ((payload[1] & 0x80) != 0, (payload[1] & 0x40) != 0);
        var type = payload[1] & 0x1F;
        // A unit in one fragment is forbidden (5.8) but harmless; a beginning inside a unit or a continuation of none is not.
        if (starts == _inFragment || type is 0 or > LastSingleUnit)
            return false;
        _inFragment = !ends;
        if (!starts)
            return _frame.TryAppend(payload[2..]);
        ReadOnlySpan<byte> header = [(byte)(payload[0] & 0xE0 | type)];
        return NoteUnit(type, payload[2]) && _frame.TryAppend(StartCode) && _frame.TryAppend(header) && _frame.TryAppend(payload[2..]);
    }

    private bool TryAddUnit(ReadOnlySpan<byte> unit)
    {
        var type = unit[0] & 0x1F;
        if (type is Delimiter or Filler)
        {
            // A delimiter is the first unit of its access unit (H.264, 7.4.1.2.3).
            _isBeginUncertain &= type != Delimiter;
            return true;
        }

        if (type is H264SetCache.SequenceSetType or H264SetCache.PictureSetType)
        {
            if (!_sets.TryLearn(unit))
                return false;
            _setsComeInBand = true;
        }

        return NoteUnit(type, unit.Length > 1 ? unit[1] : (byte)0) && _frame.TryAppend(StartCode) && _frame.TryAppend(unit);
    }

    /// <returns>False where the access unit's first packets may be among the lost ones.</returns>
    private bool NoteUnit(int type, byte sliceHeader)
    {
        if (_isBeginUncertain)
        {
            // RTP marks no beginning. A sequence set is one; so is the slice that holds the first macroblock (first_mb_in_slice is ue(v): zero is a single 1
            // bit), unless parameter sets that belong before it may be missing.
            var begins = type == H264SetCache.SequenceSetType
                || (type is 1 or IdrSlice && (sliceHeader & 0x80) != 0 && !(type == IdrSlice && _setsComeInBand));
            if (!begins)
                return false;
            _isBeginUncertain = false;
        }

        _isKey |= type == IdrSlice;
        _hasSlice |= type is >= 1 and <= IdrSlice;
        _hasSequenceSet |= type == H264SetCache.SequenceSetType;
        _hasPictureSet |= type == H264SetCache.PictureSetType;
        return true;
    }

    private void Finish(IFrameSink sink)
    {
        if (_inFragment || (_isKey && !TryCompleteKeyFrame()))
        {
            MalformedCount++;
            Break(_ticks, sink);
            return;
        }

        _open = false;
        // Parameter sets alone are remembered, not shown.
        if (_hasSlice)
            sink.OnFrame(new AssembledFrame(_ticks, _arrival, _isKey, _frame.Content));
    }

    private bool TryCompleteKeyFrame()
    {
        if (_hasSequenceSet && _hasPictureSet)
            return true;
        if (!_sets.AreComplete)
            return false;
        if (!_hasSequenceSet)
        {
            // All of them in order: a picture set that came alone may need to be behind its sequence set.
            var at = _sets.Insert(_frame, 0, H264SetCache.SequenceSetType);
            return at >= 0 && _sets.Insert(_frame, at, H264SetCache.PictureSetType) >= 0;
        }

        // Behind the sequence set that the stream sent, which is the first unit that decoders need.
        var behind = EndOfFirstSequenceSet();
        return behind > 0 && _sets.Insert(_frame, behind, H264SetCache.PictureSetType) >= 0;
    }

    private int EndOfFirstSequenceSet()
    {
        var frame = _frame.Content;
        for (var at = 0; at >= 0 && at + StartCode.Length < frame.Length;)
        {
            var unit = at + StartCode.Length;
            var next = frame[unit..].IndexOf(StartCode);
            if ((frame[unit] & 0x1F) == H264SetCache.SequenceSetType)
                return next < 0 ? frame.Length : unit + next;
            at = next < 0 ? -1 : unit + next;
        }

        return -1;
    }

    // Told once an access unit, however many of its packets are useless.
    private void Break(long ticks, IFrameSink sink)
    {
        _open = false;
        if (ticks == _brokenTicks)
            return;
        _brokenTicks = ticks;
        sink.OnBrokenFrame();
    }
}
