namespace MediaScore.Assessment.Reports;

/// <summary>The report as JSON, one representation only: the same report gives the same bytes.</summary>
public static class ReportJson
{
    /// <summary>UTF-8, indented by two spaces, lines end in <c>\n</c>.</summary>
    public static byte[] Write(InterviewReport report) => throw new NotSupportedException("The report's JSON lands with the next change.");

    /// <exception cref="System.Text.Json.JsonException">Not a report of this format.</exception>
    public static InterviewReport Read(ReadOnlySpan<byte> json) => throw new NotSupportedException("The report's JSON lands with the next change.");

    /// <summary>The report's JSON Schema (2020-12), UTF-8.</summary>
    public static ReadOnlyMemory<byte> Schema => throw new NotSupportedException("The report's JSON lands with the next change.");
}
