using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace MediaScore.Assessment.Reports;

/// <summary>The report as JSON, one representation only: the same report gives the same bytes.</summary>
public static class ReportJson
{
    private static readonly Lazy<byte[]> LazySchema = new(ReadSchema);

    // Every script stays readable; <, > and & are escaped all the same, so the text may stand inside a page.
    private static readonly ReportJsonContext Context =
        new(new JsonSerializerOptions(ReportJsonContext.Default.Options) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) });

    /// <summary>The report's JSON Schema (2020-12), UTF-8. Fields that differ between two runs of the same interview are marked <c>"volatile": true</c>.</summary>
    public static ReadOnlyMemory<byte> Schema => LazySchema.Value;

    /// <summary>UTF-8, indented by two spaces, lines end in <c>\n</c>. Whole numbers have no decimal point; others are in their shortest round-trip form.</summary>
    public static byte[] Write(InterviewReport report) => [.. JsonSerializer.SerializeToUtf8Bytes(report, Context.InterviewReport), (byte)'\n'];

    /// <exception cref="JsonException">Not a report of this format; the message names the field.</exception>
    public static InterviewReport Read(ReadOnlySpan<byte> json)
    {
        var report = JsonSerializer.Deserialize(json, Context.InterviewReport) ?? throw new JsonException("The document is null, not a report.");
        return report.Format == InterviewReport.CurrentFormat
            ? report
            : throw new JsonException($"The report has format '{report.Format}'; this version reads '{InterviewReport.CurrentFormat}'.");
    }

    private static byte[] ReadSchema()
    {
        using var stream = typeof(ReportJson).Assembly.GetManifestResourceStream("report.schema.json")
            ?? throw new InvalidOperationException("The assembly has no resource report.schema.json: Assessment.csproj must embed it.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
