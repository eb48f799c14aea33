using System.Text.Json;
using System.Text.Json.Nodes;
using MediaScore.Inference.Catalog;

namespace MediaScore.Inference.Tests.Catalog;

public sealed class ModelVerifierTests : IAsyncLifetime
{
    private readonly PackageShelf _shelf = new();

    public async ValueTask InitializeAsync()
    {
        _shelf.AddNpm("plus-package", ("plus.onnx", SmallGraph.Bytes()));
        _shelf.AddModel("plus", "plus-package", "plus.onnx");
        var model = _shelf.Model("plus");
        model["graphs"] = JsonNode.Parse("""
            { "model.onnx": { "inputs": [{ "name": "x", "type": "float32", "shape": [-1, 2] }], "outputs": [{ "name": "y", "type": "float32", "shape": [-1, 2] }] } }
            """);
        // y = x + 1 by hand.
        model["golden"] = JsonNode.Parse("""
            [{ "file": "model.onnx", "origin": "By hand.",
               "inputs": { "x": { "shape": [2, 2], "fill": "constant", "low": 2 } },
               "outputs": { "y": { "shape": [2, 2], "mean": 3, "rootMeanSquare": 3, "samples": [3, 3, 3, 3], "tolerance": 1e-6 } } }]
            """);
        await ModelPreparer.PrepareAsync(_shelf.Options());
    }

    public ValueTask DisposeAsync()
    {
        _shelf.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_sound_model_gives_its_known_answer()
    {
        var result = await VerifyAsync();

        result.Problem.ShouldBeNull();
        result.GoldenRuns.ShouldBe(1);
        result.LargestDifference.ShouldBe(0);
        result.Version.ShouldBe(_shelf.OpenPrepared().Get("plus").Version);
    }

    [Theory]
    [InlineData("mean", 3.1)]
    [InlineData("rootMeanSquare", 2.9)]
    public async Task A_number_that_differs_is_a_wrong_answer(string number, double value)
    {
        _shelf.Model("plus")["golden"]![0]!["outputs"]!["y"]![number] = value;

        var problem = (await VerifyAsync()).Problem.ShouldNotBeNull();

        problem.Problem.ShouldBe(ModelProblem.WrongAnswer);
        problem.Message.ShouldContain("output 'y'");
    }

    [Fact]
    public async Task One_element_that_differs_is_a_wrong_answer()
    {
        _shelf.Model("plus")["golden"]![0]!["outputs"]!["y"]!["samples"]![3] = 3.001;

        (await VerifyAsync()).Problem.ShouldNotBeNull().Problem.ShouldBe(ModelProblem.WrongAnswer);
    }

    [Fact]
    public async Task An_edge_that_differs_from_the_catalog_is_told_with_both_sides()
    {
        _shelf.Model("plus")["graphs"]!["model.onnx"]!["inputs"]![0]!["shape"] = new JsonArray(-1, 3);

        var problem = (await VerifyAsync()).Problem.ShouldNotBeNull();

        problem.Problem.ShouldBe(ModelProblem.WrongSignature);
        problem.Message.ShouldContain("input 'x' is Float32 [-1, 2], not Float32 [-1, 3]");
    }

    [Fact]
    public async Task An_input_without_a_recipe_is_told_by_name()
    {
        _shelf.Model("plus")["golden"]![0]!["inputs"] = new JsonObject();

        (await VerifyAsync()).Problem.ShouldNotBeNull().Message.ShouldContain("no recipe for input 'x'");
    }

    [Fact]
    public async Task A_damaged_file_is_found_though_it_was_sound_when_first_asked_for()
    {
        var models = _shelf.OpenPrepared();
        models.Get("plus");
        File.Delete(models.Get("plus").GraphPath);

        var result = (await ModelVerifier.VerifyAsync(models, [], null, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        result.Problem.ShouldNotBeNull().Problem.ShouldBe(ModelProblem.Missing);
        result.Version.ShouldBeNull();
    }

    [Fact]
    public async Task The_answer_of_a_users_own_file_is_not_compared_but_its_signature_is()
    {
        var own = Path.Combine(_shelf.Root, "own.onnx");
        File.WriteAllBytes(own, SmallGraph.Bytes(opset: 17));
        var models = _shelf.OpenPrepared(new Dictionary<string, string> { ["plus"] = own });

        var result = (await ModelVerifier.VerifyAsync(models, ["plus"], null, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        result.Problem.ShouldBeNull();
        result.GoldenRuns.ShouldBe(0);
    }

    [Fact]
    public async Task Every_prepared_model_gives_its_known_answers()
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);

        var results = await ModelVerifier.VerifyAsync(PreparedModelFolder.Open(), [], null, TestContext.Current.CancellationToken);

        results.Where(result => result.Problem is not null).Select(result => result.Problem!.Message).ShouldBeEmpty();
        foreach (var result in results)
            result.GoldenRuns.ShouldBe(PreparedModelFolder.Catalog.Get(result.ModelId).Files.Count(GraphFile.Is), result.ModelId);
    }

    /// <summary>Records as the catalog does, so that new known answers can be taken over from the message when this fails.</summary>
    [Fact]
    public void Known_answers_are_what_is_measured_now_within_a_fifth_of_their_tolerance()
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);
        var models = PreparedModelFolder.Open();

        foreach (var (model, golden) in PreparedModelFolder.Catalog.Models.SelectMany(model => model.Golden.Select(golden => (model, golden))))
        {
            using var session = GoldenCheck.Load(models.Get(model.Id).PathOf(golden.File));
            foreach (var (name, actual) in GoldenCheck.Measure(session, golden.Inputs, [.. golden.Outputs.Keys], golden.Outputs.Values.First().Tolerance))
            {
                var measured = JsonSerializer.Serialize(actual, JsonSerializerOptions.Web);
                GoldenCheck.Compare(golden.Outputs[name], actual).ShouldBeLessThanOrEqualTo(golden.Outputs[name].Tolerance / 5, $"{model.Id} {golden.File} '{name}': {measured}");
            }
        }
    }

    private async Task<ModelVerification> VerifyAsync() =>
        (await ModelVerifier.VerifyAsync(_shelf.OpenPrepared(), ["plus"], null, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
}
