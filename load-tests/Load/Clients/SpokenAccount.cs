using MediaScore.Load.Speech;

namespace MediaScore.Load.Clients;

/// <summary>One utterance of one interview.</summary>
internal sealed class SpokenAccount(SpokenPart part)
{
    public SpokenPart Part => part;

    /// <summary>All of it was sent.</summary>
    public bool Whole { get; set; } = true;

    /// <summary>From its last voiced packet to the caption for its end, or for as much of it as ever came; null while none did.</summary>
    public TimeSpan? Latency { get; set; }

    /// <summary>When the last caption for any of it came; 0 where none did.</summary>
    public long LastCaptionAt { get; set; }
}
