namespace MediaScore.Peers.Whip;

/// <summary>What an offer says. The default is what a Chromium of 2026 offers for one microphone and one camera; the rest makes odd ones.</summary>
public sealed record SenderOfferOptions
{
    public bool Audio { get; init; } = true;

    public bool Video { get; init; } = true;

    /// <summary>H.264 before VP8.</summary>
    public bool PrefersH264 { get; init; }

    /// <summary>Leave a codec of pictures out altogether.</summary>
    public bool OffersVp8 { get; init; } = true;

    public bool OffersH264 { get; init; } = true;

    /// <summary>Retransmission payload types (RFC 4588).</summary>
    public bool Rtx { get; init; } = true;

    /// <summary><c>a=rtcp-fb:111 nack</c>: browsers do not offer it by themselves, a page may add it.</summary>
    public bool AudioNack { get; init; }

    /// <summary>Discontinuous transmission, wished for in Opus's fmtp (RFC 7587).</summary>
    public bool Dtx { get; init; }

    /// <summary>a=ssrc and a=ssrc-group lines. Firefox writes fewer, some clients none.</summary>
    public bool SignalsSsrc { get; init; } = true;

    /// <summary>a=rtcp-fb transport-cc and its header extension.</summary>
    public bool TransportCc { get; init; } = true;

    /// <summary>Names of simulcast layers (RFC 8853); empty for one stream.</summary>
    public IReadOnlyList<string> SimulcastRids { get; init; } = [];

    /// <summary>Whole <c>a=candidate:</c> lines without their <c>a=</c>. Default none: browsers post before gathering.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>A data channel's m-line at the end.</summary>
    public bool DataChannel { get; init; }

    /// <summary>A second camera's m-line.</summary>
    public bool SecondVideo { get; init; }

    /// <summary>Whole attribute lines that nobody knows, put into every section.</summary>
    public IReadOnlyList<string> UnknownLines { get; init; } = [];
}
