namespace MediaScore.Assessment.Reports;

/// <summary>One difference.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901).</param>
/// <param name="Left">JSON text, at most 200 characters; null where absent.</param>
public sealed record ReportDifference(string Pointer, string? Left, string? Right);
