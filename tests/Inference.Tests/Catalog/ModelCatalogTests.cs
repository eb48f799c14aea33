using System.Text.Json.Nodes;
using Json.Schema;
using MediaScore.Inference.Catalog;
using MediaScore.TestMedia;

namespace MediaScore.Inference.Tests.Catalog;

public sealed class ModelCatalogTests : IDisposable
{
    private static readonly string ModelsFolder = Path.Combine(SharedTestData.RepositoryRoot, "models");

    private readonly PackageShelf _shelf = new();

    public ModelCatalogTests()
    {
        _shelf.AddNpm("plus-package", ("plus.onnx", SmallGraph.Bytes()));
        _shelf.AddModel("plus", "plus-package", "plus.onnx");
    }

    public void Dispose() => _shelf.Dispose();

    [Fact]
    public void The_catalog_of_the_repository_has_every_model_that_the_pipelines_name()
    {
        var catalog = PreparedModelFolder.Catalog;

        foreach (var id in (string[])["silero-vad", "moonshine-tiny-en", "moonshine-base-en", "minilm-l6-en", "llama-vocabulary", "blazeface", "face-detect-rfb320", "face-mesh", "iris", "head-pose", "face-embedder", "face-liveness"])
            catalog.Get(id).Id.ShouldBe(id);
    }

    [Fact]
    public void Every_model_has_a_card_that_names_its_packages_and_licence()
    {
        foreach (var model in PreparedModelFolder.Catalog.Models)
        {
            var card = File.ReadAllText(Path.Combine(ModelsFolder, model.Card));

            foreach (var package in model.Sources.Values.Select(source => source.Package).Distinct())
                card.ShouldContain(package, customMessage: model.Id);
            card.ShouldContain(model.License, customMessage: model.Id);
        }
    }

    [Fact]
    public void The_catalog_of_the_repository_fits_its_schema()
    {
        var schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(SharedTestData.RepositoryRoot, "docs", "formats", "catalog", "catalog.schema.json")));
        using var catalog = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(ModelsFolder, "catalog.json")));

        var result = schema.Evaluate(catalog.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });

        var faults = (result.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}");
        result.IsValid.ShouldBeTrue(string.Join("\n", faults));
    }

    [Fact]
    public void The_schema_refuses_a_field_that_the_program_does_not_know()
    {
        var schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(SharedTestData.RepositoryRoot, "docs", "formats", "catalog", "catalog.schema.json")));
        _shelf.Model("plus")["maxBach"] = 8;
        using var catalog = System.Text.Json.JsonDocument.Parse(_shelf.CatalogJson());

        schema.Evaluate(catalog.RootElement).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void A_standard_model_comes_before_a_dearer_one() =>
        PreparedModelFolder.Catalog.Find("speech-recognition", "en").Select(model => model.Id).ShouldBe(["moonshine-tiny-en", "moonshine-base-en"]);

    [Fact]
    public void No_model_is_found_for_a_language_that_none_understands() => PreparedModelFolder.Catalog.Find("speech-recognition", "zh").ShouldBeEmpty();

    [Fact]
    public void A_field_that_the_program_does_not_know_is_refused_with_its_name()
    {
        _shelf.Model("plus")["maxBach"] = 8;

        Should.Throw<InvalidDataException>(() => _shelf.Catalog).Message.ShouldContain("maxBach");
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var model = _shelf.Model("plus");
        model["id"] = "../plus";
        model["rewrite"] = "no-such-rewriter";
        model["files"] = new JsonArray("../model.onnx");
        model["maxBatch"] = 0;
        model["opset"] = null;
        var package = _shelf.Package("plus-package");
        package["version"] = "^1.0.0";
        package["integrity"] = "sha1-abc";
        package["files"]![0]!["sha256"] = "ABC";

        var message = Should.Throw<InvalidDataException>(() => _shelf.Catalog).Message;

        foreach (var part in (string[])["'../plus' is not lower-case", "no-such-rewriter", "'../model.onnx' is not a plain file name", "maxBatch 0", "'^1.0.0' is not an exact version", "integrity", "sha256", "is not in packages", "opset is missing"])
            message.ShouldContain(part);
    }

    [Fact]
    public void A_model_of_a_file_that_its_package_does_not_list_is_refused()
    {
        _shelf.Model("plus")["sources"]!["model.onnx"]!["file"] = "minus.onnx";

        Should.Throw<InvalidDataException>(() => _shelf.Catalog).Message.ShouldContain("'minus.onnx', which plus-package@1.0.0 does not list");
    }

    [Fact]
    public void Two_models_of_one_id_are_refused()
    {
        _shelf.AddModel("plus", "plus-package", "plus.onnx");

        Should.Throw<InvalidDataException>(() => _shelf.Catalog).Message.ShouldContain("'plus' 2 times");
    }

    [Fact]
    public void Something_else_than_json_is_refused_with_its_path() =>
        Should.Throw<InvalidDataException>(() => ModelCatalog.Parse("models: []"u8, "/etc/catalog.json")).Message.ShouldContain("/etc/catalog.json");
}
