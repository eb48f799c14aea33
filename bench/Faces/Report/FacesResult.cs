using System.Text.Json.Serialization;
using MediaScore.Benchmarks.Faces.Liveness;
using MediaScore.Benchmarks.Faces.Matching;

namespace MediaScore.Benchmarks.Faces.Report;

/// <summary>A photo that takes no part in comparisons.</summary>
internal sealed record LostPhoto(string File, string Why);

/// <summary>Everything that one run of the program found.</summary>
/// <param name="Models">Id and version of what looked at the faces.</param>
/// <param name="Chosen">What the data supports.</param>
/// <param name="InUse">The same figures at the threshold that doors use.</param>
internal sealed record FacesResult(
    IReadOnlyList<string> Models,
    int Photos,
    int People,
    IReadOnlyList<LostPhoto> Lost,
    ThresholdChoice Chosen,
    ThresholdChoice InUse,
    IReadOnlyList<VerificationRow> Verification,
    IReadOnlyList<IdentificationRow> Identification,
    IReadOnlyList<DuplicateRow> Duplicates,
    OutsideComparison Outside,
    double LeastQuality,
    IReadOnlyList<QualityRow> Quality,
    IReadOnlyList<LivenessRow> Liveness);

[JsonSerializable(typeof(FacesResult))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class FacesJson : JsonSerializerContext;
