namespace MediaScore.WebRtc.Rtp;

/// <summary>Puts frames together from the payloads of one stream, which come in order. Hostile payloads are counted and dropped, never thrown at.</summary>
internal interface IDepacketizer
{
    /// <summary>Payloads that were not what the format says.</summary>
    long MalformedCount { get; }

    /// <summary>Decoding can begin with this payload.</summary>
    bool CanBeginWith(ReadOnlySpan<byte> payload);

    /// <summary>The next packet. May complete none, one or several frames.</summary>
    void Push(in MediaPacket packet, IFrameSink sink);

    /// <summary>Packets between the last one and the next are missing for good: what was begun is dropped.</summary>
    void Lost(IFrameSink sink);

    /// <summary>Another source begins: forgets the old one.</summary>
    void Reset();
}

/// <summary>Takes what an <see cref="IDepacketizer"/> makes.</summary>
internal interface IFrameSink
{
    void OnFrame(in AssembledFrame frame);

    /// <summary>A frame of which something came could not be completed.</summary>
    void OnBrokenFrame();
}
