namespace MediaScore.Storage.People;

/// <summary>Two people who resemble each other, and of whom somebody said that they are two. It is known from their faces, and goes with them.</summary>
public sealed class LookalikeRow
{
    /// <summary>Who was enrolled although the face resembles another's.</summary>
    public required string PersonId { get; set; }

    /// <summary>Whom it resembles.</summary>
    public required string OtherId { get; set; }

    /// <summary>Cosine of the two faces when it was said.</summary>
    public double Similarity { get; set; }

    /// <summary>Of the template with which it was said: <c>photo</c>, <c>import</c> or <c>webcam</c>.</summary>
    public required string Source { get; set; }

    public DateTimeOffset SaidAt { get; set; }
}
