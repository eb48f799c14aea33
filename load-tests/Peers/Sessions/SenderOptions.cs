using MediaScore.Peers.Dtls;
using MediaScore.Peers.Sources;
using MediaScore.Peers.Whip;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Sessions;

/// <summary>What one sender sends and how. Defaults are a Chromium's of 2026.</summary>
public sealed record SenderOptions
{
    /// <summary>Null sends no sound.</summary>
    public MediaClip? Audio { get; init; }

    /// <summary>Null sends no pictures.</summary>
    public MediaClip? Video { get; init; }

    public OpusSourceOptions AudioSource { get; init; } = new();

    public TimeSpan VideoStartAt { get; init; }

    /// <summary><c>Audio</c> and <c>Video</c> follow the clips.</summary>
    public SenderOfferOptions Offer { get; init; } = new();

    public DtlsPeerOptions Dtls { get; init; } = new();

    /// <summary>Which of the answer's candidates are used.</summary>
    public TransportKind Transport { get; init; }

    /// <summary>Largest RTP packet before protection, bytes. Default 1200, as browsers: it fits IPv6's least MTU with every header around it.</summary>
    public int MaxPacketBytes { get; init; } = 1200;

    /// <summary>TL0PICIDX and TID in VP8's descriptor.</summary>
    public bool Vp8TemporalLayers { get; init; }

    /// <summary>Between sender reports. Default 1 s; Chromium's are 1 s for pictures and 5 s for sound.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Answer a receiver's question for the round trip (RFC 3611), as browsers do. Default true; smaller stacks do not.</summary>
    public bool AnswersExtendedReports { get; init; } = true;

    /// <summary>How much too fast the clock of the microphone runs, parts per million.</summary>
    public double AudioClockSkewPpm { get; init; }

    /// <summary>From a picture's capture, which sender reports speak of, to its sending: the encoder's time.</summary>
    public TimeSpan VideoLatency { get; init; }

    /// <summary>The sender's wall clock at <c>Instant</c> zero; sender reports are made with it, whether it is right or not.</summary>
    public DateTimeOffset WallClock { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>First sequence number of every stream; null takes a random one.</summary>
    public ushort? FirstSequenceNumber { get; init; }

    /// <summary>First timestamp of every stream; null takes a random one.</summary>
    public uint? FirstTimestamp { get; init; }

    /// <summary>How long sent packets are kept to be sent again. Default 3 s, as Chromium keeps them on a fast path.</summary>
    public TimeSpan HistoryAge { get; init; } = TimeSpan.FromSeconds(3);
}
