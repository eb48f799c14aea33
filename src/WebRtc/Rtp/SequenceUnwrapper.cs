namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// 16-bit sequence numbers to numbers that do not wrap. The low 16 bits stay what they were. The first gets 65,536 added, so that a packet that was sent before it and comes
/// after it is not below zero. A number is taken to be the nearest one to the highest so far: up to 32,767 ahead or 32,768 behind. To begin anew, assign <c>default</c>.
/// </summary>
internal struct SequenceUnwrapper
{
    private long _highest;

    public long Unwrap(ushort sequence)
    {
        if (_highest == 0)
            return _highest = sequence + 0x1_0000L;
        var unwrapped = _highest + (short)(sequence - (ushort)_highest);
        _highest = Math.Max(_highest, unwrapped);
        return unwrapped;
    }
}
