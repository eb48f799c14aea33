using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MediaScore.Assessment.Reports;
using MediaScore.Assessment.Tests.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Tests.Reports;

public sealed class ReportJsonTests
{
    private static readonly string SchemaText = Encoding.UTF8.GetString(ReportJson.Schema.Span);
    private static readonly JsonSchema Schema = JsonSchema.FromText(SchemaText, new BuildOptions { SchemaRegistry = new SchemaRegistry() });

    [Fact]
    public void The_sample_report_and_an_empty_one_are_valid_for_the_schema()
    {
        Problems(ReportJson.Write(SampleInterview.Report())).ShouldBeEmpty();
        Problems(ReportJson.Write(ReportBuilder.Build(SamplePlans.StoreManager, [], SampleInterview.Metadata with { CreatedAt = null, EndedAt = null }))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/overall/rating", "7")]
    [InlineData("/overall/decision", "\"machine\"")]
    [InlineData("/stages/0/questions/0/ratings/0/quotes", "[]")]
    [InlineData("/stages/0/questions/0/ratings/0/notAssessed", "\"NoSpeech\"")]
    [InlineData("/interview/surprise", "1")]
    [InlineData("/format", "\"mediascore.report/9\"")]
    public void A_report_that_breaks_a_rule_is_refused_by_the_schema(string pointer, string value)
    {
        var json = JsonNode.Parse(ReportJson.Write(SampleInterview.Report()))!;
        var parts = pointer.Split('/')[1..];
        var parent = parts[..^1].Aggregate(json, (node, part) => int.TryParse(part, out var index) ? node[index]! : node[part]!);
        parent[parts[^1]] = JsonNode.Parse(value);

        Problems(JsonSerializer.SerializeToUtf8Bytes(json)).ShouldNotBeEmpty();
    }

    [Fact]
    public void The_schema_describes_exactly_the_fields_that_are_written()
    {
        // Every object forbids further fields, so a field that is written and not described makes the sample invalid; the other direction is "required".
        using var schema = JsonDocument.Parse(SchemaText);
        foreach (var definition in schema.RootElement.GetProperty("$defs").EnumerateObject().Where(d => d.Value.TryGetProperty("properties", out _)))
        {
            definition.Value.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse(definition.Name);
            definition.Value.GetProperty("required").EnumerateArray().Select(r => r.GetString())
                .ShouldBe(definition.Value.GetProperty("properties").EnumerateObject().Select(p => p.Name), definition.Name);
        }
    }

    [Fact]
    public void Ids_and_wall_clock_times_are_volatile_and_nothing_else() =>
        ReportComparer.VolatilePointers.Order().ShouldBe(["/interview/createdAt", "/interview/endedAt", "/interview/id"]);

    [Fact]
    public void Every_volatile_mark_of_the_schema_is_found_by_the_comparer()
    {
        var marks = SchemaText.Split("\"volatile\": true").Length - 1;

        marks.ShouldBe(ReportComparer.VolatilePointers.Count);
    }

    [Fact]
    public void A_report_read_back_is_written_to_the_same_bytes()
    {
        var json = ReportJson.Write(SampleInterview.Report());

        ReportJson.Write(ReportJson.Read(json)).ShouldBe(json);
    }

    [Fact]
    public void Text_of_every_script_stays_readable_and_line_ends_are_the_same_everywhere()
    {
        var timeline = SampleInterview.Timeline().Select(o => o is InterviewStarted s ? s with { Language = "zh" } : o).ToList();

        var json = Encoding.UTF8.GetString(ReportJson.Write(ReportBuilder.Build(SamplePlans.StoreManager, timeline, SampleInterview.Metadata)));

        json.ShouldContain("餐厅门店店长");
        json.ShouldNotContain("\r");
        json.ShouldEndWith("}\n");
    }

    [Fact]
    public void Another_format_is_refused_by_name()
    {
        var json = Encoding.UTF8.GetString(ReportJson.Write(SampleInterview.Report())).Replace("mediascore.report/1", "mediascore.report/2", StringComparison.Ordinal);

        Should.Throw<JsonException>(() => ReportJson.Read(Encoding.UTF8.GetBytes(json))).Message.ShouldContain("mediascore.report/2");
    }

    private static IReadOnlyList<string> Problems(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var result = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? [] : ["invalid", .. (result.Details ?? []).Where(d => d.Errors is not null).Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!.Values)}")];
    }
}
