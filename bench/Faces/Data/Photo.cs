namespace MediaScore.Benchmarks.Faces.Data;

/// <summary>A photo of one named person.</summary>
/// <param name="File">Below the folder of the faces.</param>
internal sealed record Photo(string File, string Person, string Subset);

/// <summary>Two photos, and whether they show one person.</summary>
internal sealed record PhotoPair(string Subset, string First, string Second, bool IsSame);
