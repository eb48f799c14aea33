namespace MediaScore.Timeline;

/// <summary>A half-open stretch of media, <c>[Start, End)</c>, on the interview's clock.</summary>
public readonly record struct MediaRange(MediaTime Start, MediaTime End)
{
    public TimeSpan Duration => End - Start;

    public static MediaRange At(MediaTime time) => new(time, time);

    public bool Contains(MediaTime time) => time >= Start && time < End;

    public bool Overlaps(MediaRange other) => Start < other.End && other.Start < End;

    public override string ToString() => $"{Start}-{End}";
}
