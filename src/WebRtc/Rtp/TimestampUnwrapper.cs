namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// 32-bit RTP timestamps to numbers that do not wrap (at 90 kHz they wrap after 13 hours, and browsers begin anywhere). The low 32 bits stay what they were; the first gets
/// 2^32 added, so that a packet from before it is not below zero. A timestamp is taken to be the nearest one to the highest so far. To begin anew, assign <c>default</c>.
/// </summary>
internal struct TimestampUnwrapper
{
    private long _highest;

    public long Unwrap(uint timestamp)
    {
        if (_highest == 0)
            return _highest = timestamp + 0x1_0000_0000L;
        var unwrapped = _highest + (int)(timestamp - (uint)_highest);
        _highest = Math.Max(_highest, unwrapped);
        return unwrapped;
    }

    /// <summary>Where a timestamp lies that is no packet's own, such as a sender report's: moves nothing. Before the first packet it is as a first packet's.</summary>
    public readonly long Locate(uint timestamp) => _highest == 0 ? timestamp + 0x1_0000_0000L : _highest + (int)(timestamp - (uint)_highest);
}
