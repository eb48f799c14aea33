using MediaScore.Load.Speech;

namespace MediaScore.Load.Clients;

/// <summary>One utterance of one interview.</summary>
internal sealed class SpokenAccount(SpokenPart part)
{
    public SpokenPart Part => part;

    /// <summary>All of it was sent.</summary>
    public bool Whole { get; set; } = true;

    /// <summary>A caption came that covers its end.</summary>
    public bool EndCaptioned { get; set; }

    /// <summary>From its last voiced packet to the caption for its end; null while none came, and where the end is not clear.</summary>
    public TimeSpan? Latency { get; set; }

    /// <summary>When the last caption for any of it came; 0 where none did.</summary>
    public long LastCaptionAt { get; set; }
}
