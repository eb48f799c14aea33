namespace MediaScore.WebRtc.Rtp;

/// <summary>Takes one source's packets in order.</summary>
internal interface IPacketSink
{
    /// <param name="packet">Its payload is empty where the packet is padding only: it completes nothing, and nothing is missing.</param>
    void OnPacket(in MediaPacket packet);

    /// <summary>Whether a stream may begin with this payload. Others wait a moment for one that was sent before them.</summary>
    bool CanBeginWith(ReadOnlySpan<byte> payload);

    /// <summary>That many packets before the next one are given up.</summary>
    void OnLost(int count);
}
