namespace MediaScore.Assessment.Reports;

/// <summary>Says what differs between two reports, leaving out what the schema marks as volatile.</summary>
public static class ReportComparer
{
    /// <returns>In document order; empty when they are equal.</returns>
    public static IReadOnlyList<ReportDifference> Compare(ReadOnlyMemory<byte> leftJson, ReadOnlyMemory<byte> rightJson) =>
        throw new NotSupportedException("The comparer lands with the next change.");
}

/// <summary>One difference.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901).</param>
/// <param name="Left">JSON text, at most 200 characters; null where absent.</param>
public sealed record ReportDifference(string Pointer, string? Left, string? Right);
