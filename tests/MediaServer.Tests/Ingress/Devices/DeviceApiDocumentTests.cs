using System.Text.Json;
using MediaScore.MediaServer.Ingress.Devices;
using MediaScore.TestMedia;

namespace MediaScore.MediaServer.Tests.Ingress.Devices;

public sealed class DeviceApiDocumentTests
{
    [Fact]
    public async Task The_document_in_the_repository_is_the_one_that_the_code_gives()
    {
        var committed = await File.ReadAllTextAsync(Path.Combine(SharedTestData.RepositoryRoot, "docs", "formats", "device-api.json"), TestContext.Current.CancellationToken);

        committed.ShouldBe(await DeviceApiDocument.WriteAsync(TestContext.Current.CancellationToken), "Run: ./mediascore device-api-page > docs/formats/device-api.json");
    }

    [Fact]
    public async Task It_is_OpenAPI_3_1_with_every_call_its_key_and_its_refusals()
    {
        using var document = JsonDocument.Parse(await DeviceApiDocument.WriteAsync(TestContext.Current.CancellationToken));

        document.RootElement.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        var paths = document.RootElement.GetProperty("paths");
        paths.EnumerateObject().Select(path => path.Name).ShouldBe(
            ["/devices/v1/hello", "/devices/v1/events", "/devices/v1/frames", "/devices/v1/commands", "/devices/v1/commands/{id}/result"], ignoreOrder: true);
        foreach (var operation in paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            operation.Value.GetProperty("tags").EnumerateArray().Single().GetString().ShouldBe("device", "clients that are generated are named after it");
            operation.Value.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ShouldContain("Device-Serial");
            foreach (var status in new[] { "401", "403", "429", "503" })
                operation.Value.GetProperty("responses").GetProperty(status).GetProperty("content").TryGetProperty("application/problem+json", out _).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Every_field_says_what_may_stand_in_it_and_nothing_is_called_as_a_type_of_the_program()
    {
        using var document = JsonDocument.Parse(await DeviceApiDocument.WriteAsync(TestContext.Current.CancellationToken));
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject().ToList();

        schemas.Select(schema => schema.Name).ShouldBe(
            [
                "CommandResultRequest", "CommandsReply", "DeviceCommand", "DoorSettings", "EventBatch", "EventsReply", "FaceBox", "FrameDecision", "FrameReply", "HelloReply", "HelloRequest",
                "ProblemDetails", "RefusedEvent", "ReportedEvent", "ReportedReading",
            ],
            ignoreOrder: true);
        var fields = schemas.SelectMany(schema => schema.Value.GetProperty("properties").EnumerateObject().Select(field => (Name: $"{schema.Name}.{field.Name}", field.Value))).ToList();
        fields.Where(field => !field.Value.TryGetProperty("type", out _) && !field.Value.TryGetProperty("$ref", out _) && !field.Value.TryGetProperty("oneOf", out _)).Select(field => field.Name).ShouldBeEmpty();
        string TypesOf(string name) => fields.Single(field => field.Name == name).Value.GetProperty("type").ToString().Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings("");
        TypesOf("DeviceCommand.arguments").ShouldBe("object");
        TypesOf("ReportedEvent.detail").ShouldBe("""["null","object"]""");
        TypesOf("ReportedEvent.at").ShouldBe("""["null","integer","string"]""");
        TypesOf("ReportedReading.value").ShouldBe("""["boolean","number"]""");
        document.RootElement.GetProperty("paths").GetProperty("/devices/v1/frames").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("image/jpeg").GetProperty("schema").ToString()
            .Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings("").ShouldBe("""{"type":"string","format":"binary"}""");
    }

    [Fact]
    public async Task Every_field_says_what_it_is()
    {
        using var document = JsonDocument.Parse(await DeviceApiDocument.WriteAsync(TestContext.Current.CancellationToken));

        var bare = from schema in document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject()
                   where schema.Name != "ProblemDetails"
                   from field in schema.Value.GetProperty("properties").EnumerateObject()
                   where !field.Value.TryGetProperty("description", out _) && !field.Value.TryGetProperty("$ref", out _) && !field.Value.TryGetProperty("oneOf", out _)
                   select $"{schema.Name}.{field.Name}";

        bare.ShouldBeEmpty();
    }
}
