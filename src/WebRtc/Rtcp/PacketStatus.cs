namespace MediaScore.WebRtc.Rtcp;

/// <summary>Status of a packet in transport feedback. The value is the length of its delta, too.</summary>
internal enum PacketStatus : byte
{
    NotReceived = 0,

    /// <summary>0 to 63.75 ms after the one before it.</summary>
    SmallDelta = 1,

    /// <summary>Up to 8.19 s before or after it.</summary>
    LargeDelta = 2,

    Reserved = 3,
}
