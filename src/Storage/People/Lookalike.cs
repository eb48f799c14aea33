namespace MediaScore.Storage.People;

/// <summary>Somebody of whom it was said that they are another person than the one who was asked for.</summary>
/// <param name="Similarity">Cosine of the two faces when it was said.</param>
/// <param name="Source">Of the template with which it was said.</param>
public sealed record Lookalike(string PersonId, string Number, double Similarity, string Source, DateTimeOffset SaidAt);
