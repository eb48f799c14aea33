namespace MediaScore.DeviceStreams.Gallery.Importing;

/// <summary>One row of a table.</summary>
/// <param name="Line">Where it begins; the first line of the file is 1.</param>
/// <param name="Photo">Its name in the folder or archive; empty: none.</param>
/// <param name="Consent">How consent was given; empty: it was not.</param>
/// <param name="Lookalikes">Numbers of others whom this person resembles and is not.</param>
/// <param name="Fault">Why the row cannot be used, as a person reads it; null where it can.</param>
public sealed record ImportRow(int Line, string Number, string Name, string Photo, string Consent, IReadOnlyList<string> Lookalikes, string? Fault);
