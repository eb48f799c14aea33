namespace MediaScore.Assessment.Reports;

/// <summary>The report as one self-contained HTML page without scripts, in the interview's language (English or Chinese labels), printable on A4.</summary>
public static class ReportHtml
{
    /// <returns>UTF-8.</returns>
    public static byte[] Write(InterviewReport report, ReportHtmlOptions options) => throw new NotSupportedException("The report's page lands with the next change.");
}
