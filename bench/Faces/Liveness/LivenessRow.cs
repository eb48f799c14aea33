using MediaScore.Benchmarks.Faces.Matching;

namespace MediaScore.Benchmarks.Faces.Liveness;

/// <summary>Errors of liveness over one source of faces at one threshold (ISO/IEC 30107-3 calls them BPCER and APCER).</summary>
/// <param name="RealRefused">Living faces that are taken for pictures.</param>
/// <param name="PaperTaken">Simulated prints that are taken for living faces.</param>
/// <param name="NoFace">Simulated attacks in which no face is found; in none of the rates.</param>
internal sealed record LivenessRow(string Source, double Threshold, Rate RealRefused, Rate PaperTaken, Rate ScreenTaken, Rate ClosePrintTaken, int NoFace);
