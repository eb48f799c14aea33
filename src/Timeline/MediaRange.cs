namespace MediaScore.Timeline;

/// <summary>A half-open stretch of media, <c>[Start, End)</c>, on the interview's clock.</summary>
public readonly record struct MediaRange(MediaTime Start, MediaTime End)
{
    public TimeSpan Duration => End - Start;

    public static MediaRange At(MediaTime time) => new(time, time);

    public bool Contains(MediaTime time) => time >= Start && time < End;

    /// <summary>
    /// Whether the middle of <paramref name="other"/> lies here. An utterance belongs to the answer in which most of it was said: people begin to speak while they press the
    /// button, and the padding before their first word is older still.
    /// </summary>
    public bool ContainsMiddleOf(MediaRange other) => Contains(other.Start + (other.Duration / 2));

    public bool Overlaps(MediaRange other) => Start < other.End && other.Start < End;

    public override string ToString() => $"{Start}-{End}";
}
