using System.Text.Json.Serialization;

namespace MediaScore.Assessment.Reports;

/// <summary>Generated at build time: properties are written in the order of declaration, which is the order of the schema.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(InterviewReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
