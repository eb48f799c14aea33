namespace MediaScore.Perception.Speech;

/// <summary>Paths of the prepared files of one recogniser.</summary>
internal sealed record MoonshineFiles(string Encoder, string Decoder, string Vocabulary);
