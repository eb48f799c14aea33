using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using MediaScore.Assessment.Plans;

namespace MediaScore.Assessment.Tests.Plans;

/// <summary>Parser and schema must say the same about every document that a schema can judge.</summary>
public sealed class PlanSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(SamplePlans.Folder, "plan.schema.json")));

    [Theory]
    [InlineData("store-manager.yaml")]
    [InlineData("support-engineer.yaml")]
    public void Every_sample_plan_is_valid_for_parser_and_schema(string file)
    {
        var yaml = File.ReadAllText(Path.Combine(SamplePlans.Folder, file));

        PlanParser.Parse(yaml).Errors.ShouldBeEmpty();
        IsValid(yaml).ShouldBeTrue();
    }

    [Fact]
    public void Every_sample_plan_is_covered_here() =>
        Directory.GetFiles(SamplePlans.Folder, "*.yaml").Select(Path.GetFileName).Order().ShouldBe(["store-manager.yaml", "support-engineer.yaml"]);

    [Theory]
    [InlineData("version: 1", "version: 1\nverison: 2")]
    [InlineData("version: 1\n", "")]
    [InlineData("version: 1", "version: one")]
    [InlineData("version: 1", "version: 0")]
    [InlineData("id: small", "id: Small Plan")]
    [InlineData("languages: [en]", "languages: []")]
    [InlineData("languages: [en]", "languages: [english]")]
    [InlineData("title: { en: Small }", "title: Small")]
    [InlineData("title: { en: Small }", "title: { en: '' }")]
    [InlineData("mode: voice", "mode: radio")]
    [InlineData("- id: second", "- id: end")]
    [InlineData("timeLimitSeconds: 60", "timeLimitSeconds: 5")]
    [InlineData("timeLimitSeconds: 60", "timeLimitSeconds: 3601")]
    [InlineData("rerecords: 1", "rerecords: 6")]
    [InlineData("rerecords: 1", "rerecrods: 1")]
    [InlineData("competencies: [care]", "competencies: []")]
    [InlineData("weight: 2", "weight: 0")]
    [InlineData("    weight: 1", "    deliveryShare: 0.3")]
    [InlineData("{ level: 3,", "{ level: 6,")]
    [InlineData("      - { level: 3, text: { en: Does enough. } }\n", "")]
    public void What_the_schema_refuses_the_parser_refuses_too(string old, string replacement)
    {
        var yaml = SmallPlan.With(old, replacement);

        IsValid(yaml).ShouldBeFalse();
        PlanParser.Parse(yaml).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void The_small_plan_of_the_tests_is_valid_for_both()
    {
        IsValid(SmallPlan.Yaml).ShouldBeTrue();
        PlanParser.Parse(SmallPlan.Yaml).IsValid.ShouldBeTrue();
    }

    private static bool IsValid(string yaml)
    {
        var errors = new List<PlanError>();
        var tree = YamlTreeReader.Read(yaml, errors).ShouldNotBeNull();
        errors.ShouldBeEmpty();
        return Schema.Evaluate(JsonSerializer.SerializeToElement(ToJson(tree))).IsValid;
    }

    private static JsonNode? ToJson(YamlTree tree) => tree switch
    {
        YamlFields fields => new JsonObject(fields.Fields.Select(f => KeyValuePair.Create(f.Name, ToJson(f.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(ToJson)]),
        YamlText { Quoted: false } text when double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        YamlText text => JsonValue.Create(text.Value),
        _ => null,
    };
}
