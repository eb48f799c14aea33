namespace MediaScore.WebRtc.Rtp;

/// <summary>What is counted of one kind of media, over all its sources of a session.</summary>
internal sealed class StreamCounters
{
    public long Packets { get; set; }

    /// <summary>Given up.</summary>
    public long Lost { get; set; }

    /// <summary>Missing once, and came when asked for.</summary>
    public long Recovered { get; set; }

    /// <summary>Came twice, or after they were given up.</summary>
    public long Duplicates { get; set; }

    /// <summary>Sequence numbers out of all bounds, retransmissions of nothing, payloads too long to be held.</summary>
    public long Discarded { get; set; }

    /// <summary>Packets that were asked for.</summary>
    public long Nacked { get; set; }

    /// <summary>Sources that began anew, or another took over.</summary>
    public long Restarts { get; set; }
}
