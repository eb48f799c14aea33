namespace MediaScore.Load.Results;

/// <summary>What the clients of one run saw. Latencies and costs are of the measured window (after the warm-up), counts of the whole run where they say so; all latencies count from the intended time of a send.</summary>
internal sealed record DriverResult
{
    /// <summary>steady, overload, reconnect or churn.</summary>
    public required string Scenario { get; init; }

    /// <summary>webrtc or grpc.</summary>
    public required string Transport { get; init; }

    /// <summary>Interviews at once that were asked for.</summary>
    public required int Interviews { get; init; }

    /// <summary>Length of the measured window.</summary>
    public required double Seconds { get; init; }

    /// <summary>From the first start to the window: all interviews run and the compiler has been at it.</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>What was sent: codecs, rates, the speech and its speakers.</summary>
    public required DriverMedia Media { get; init; }

    public required int Seed { get; init; }

    /// <summary>Live interviews, summed over the seconds of the window: the "interview-seconds" that costs are divided by.</summary>
    public required double InterviewSeconds { get; init; }

    /// <summary>Interviews of the whole run that got a place and sent media.</summary>
    public required int Started { get; init; }

    /// <summary>Interviews of the whole run that were refused with a reason.</summary>
    public required int Refused { get; init; }

    /// <summary>Interviews of the whole run that neither ended well nor were refused.</summary>
    public required int Failed { get; init; }

    /// <summary>Why, with how often.</summary>
    public IReadOnlyDictionary<string, int> Failures { get; init; } = new Dictionary<string, int>();

    /// <summary>Whole inside their interviews, over the whole run.</summary>
    public required int UtterancesSpoken { get; init; }

    /// <summary>Of the whole run: spoken, and without text in the final transcript: not detected, or withheld with a reason. They count as word errors.</summary>
    public int UtterancesUnheard { get; init; }

    /// <summary>Utterances of the whole run that have text in the final transcript.</summary>
    public required int CaptionsExpected { get; init; }

    /// <summary>Those of them that got a caption, for the end too where the transcript has it.</summary>
    public required int CaptionsReceived { get; init; }

    /// <summary>Expected in the whole run, and none ever came, or none for the end although the final transcript has it.</summary>
    public required int CaptionsMissing { get; init; }

    /// <summary>Captions of sound that was due in the window, of parts of utterances too.</summary>
    public int CaptionsInWindow { get; init; }

    /// <summary>Utterances of the window whose end the recording's own noise hides: they have captions, and are in no latency.</summary>
    public int CaptionsUntimed { get; init; }

    /// <summary>Captions of the window that came before the speech that they end with was due: more than none of them says that the ends are wrong.</summary>
    public long CaptionsEarly { get; init; }

    /// <summary>From the last voiced sample's packet to the caption at the client.</summary>
    public required Percentiles EndOfSpeechToCaption { get; init; }

    /// <summary>From a packet to the acknowledgement that it is on disk.</summary>
    public required Percentiles CaptureToDurable { get; init; }

    /// <summary>From the intended time of a request for a place to its refusal.</summary>
    public Percentiles Refusal { get; init; } = Percentiles.None;

    /// <summary>How late the requests for a place went out: a part of each refusal's time that is the driver's own.</summary>
    public Percentiles RequestLag { get; init; } = Percentiles.None;

    /// <summary>Sends of the whole run that came due while a write waited for the server: in no figure of the driver's lag.</summary>
    public long SendsBehindServer { get; init; }

    /// <summary>How late the driver itself was: a row whose own lag is not small says nothing of the server.</summary>
    public required Percentiles SendLag { get; init; }

    /// <summary>Of the whole run, as the next five.</summary>
    public required long AudioPacketsSent { get; init; }

    public required long AudioPacketsRecorded { get; init; }

    public required long AudioPacketsLost { get; init; }

    public required long VideoFramesSent { get; init; }

    public required long VideoFramesRecorded { get; init; }

    public required long VideoFramesLost { get; init; }

    /// <summary>Of the whole run.</summary>
    public required WordErrors Words { get; init; }

    /// <summary>Against a run without load; null where none was named (<c>--words-of</c>).</summary>
    public WordComparison? Against { get; init; }

    /// <summary>CPU of the process that drives, the sampling of the server included.</summary>
    public required double DriverCpuMsPerInterviewSecond { get; init; }

    /// <summary>The threads that send had a higher priority than the server's (nice -10), as if they were on other machines. False where the system did not allow it.</summary>
    public bool SendersGoFirst { get; init; }

    /// <summary>What face terminals saw beside the interviews; null where there were none.</summary>
    public DriverTerminals? Terminals { get; init; }

    /// <summary>The overload, reconnect and churn scenarios' own figures; null in a steady run.</summary>
    public DriverRecovery? Recovery { get; init; }

    /// <summary>One entry a second of the window, in order.</summary>
    public required IReadOnlyList<DriverSecond> Timeline { get; init; }
}

/// <param name="SpeechRatio">Share of the time in which somebody speaks.</param>
/// <param name="Audio">"Opus 24 kbit/s, 20 ms".</param>
/// <param name="Video">"VP8 854x480, 600 kbit/s, 15 pictures a second"; empty where none is sent.</param>
/// <param name="Speech">"LibriSpeech and others, 84 utterances of 21 speakers".</param>
/// <param name="Starts">"Poisson, 2 a second".</param>
internal sealed record DriverMedia(double SpeechRatio, string Audio, string Video, string Speech, string Starts);

/// <param name="Errors">Substituted, missing and added words.</param>
/// <param name="Words">Words of the reference.</param>
/// <param name="TranscriptSha256">Of all transcripts of the run in the order of their interviews and times: equal for two runs of the same interviews, where load changes nothing.</param>
internal sealed record WordErrors(int Errors, int Words, string TranscriptSha256)
{
    /// <summary>Words, of the errors, that were heard while nobody spoke.</summary>
    public int Invented { get; init; }

    public double Rate => Words == 0 ? 0 : (double)Errors / Words;
}

/// <summary>What a scenario did to the interviews that ran, and how long it took until all was as before.</summary>
/// <param name="What">"10 times the rate of requests for 60 s", "100 clients dropped at once".</param>
/// <param name="Before">End of speech to caption before it.</param>
/// <param name="During">The same of the interviews that were admitted before, while it lasted.</param>
/// <param name="After">The same afterwards.</param>
/// <param name="SecondsToNormal">Until captions were within 10 % of before at p99 and stayed so; until all recorded again after a reconnect. Null where it never was, and where interviews come and go.</param>
/// <param name="RequestsPerSecond">Requests for a place, a second; 0 where there were none.</param>
/// <param name="AudioSecondsLost">Sound that nobody has recorded, over all interviews.</param>
internal sealed record DriverRecovery(
    string What, Percentiles Before, Percentiles During, Percentiles After, double? SecondsToNormal, double RequestsPerSecond, double AudioSecondsLost);

/// <summary>One second of the measured window.</summary>
/// <param name="Second">0 is the window's first.</param>
/// <param name="Live">Interviews that ran at its end.</param>
/// <param name="CaptionP50Ms">End of speech to caption of the captions that came in it; null where none came.</param>
/// <param name="DurableP99Ms">Capture to durable; null where none came.</param>
/// <param name="SendLagMaxMs">Worst lateness of the driver's own sends.</param>
/// <param name="DecisionMaxMs">Frame to decision at face terminals, the longest that came in it; null where none came.</param>
internal sealed record DriverSecond(
    int Second, int Live, int Captions, double? CaptionP50Ms, double? CaptionMaxMs, double? DurableP99Ms, double SendLagMaxMs, int Refused, int Failed, double? DecisionMaxMs = null);
