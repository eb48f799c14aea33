using MediaScore.Inference.Catalog;
using MediaScore.Inference.Graphs;

namespace MediaScore.Inference.Tests.Catalog;

public sealed class PreparedModelsTests : IAsyncLifetime
{
    private readonly PackageShelf _shelf = new();

    private string GraphPath => Path.Combine(_shelf.Prepared, "plus", "model.onnx");

    public async ValueTask InitializeAsync()
    {
        _shelf.AddNpm("plus-package", ("plus.onnx", SmallGraph.Bytes()));
        _shelf.AddModel("plus", "plus-package", "plus.onnx");
        await ModelPreparer.PrepareAsync(_shelf.Options());
    }

    public ValueTask DisposeAsync()
    {
        _shelf.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void A_version_names_the_package_and_the_first_source()
    {
        var sha256 = FileDigest.Sha256(GraphPath);

        _shelf.OpenPrepared().Get("plus").Version.ShouldBe($"1.0.0+{sha256[..8]}");
    }

    [Fact]
    public void A_missing_file_is_named_with_the_command_that_mends_it()
    {
        File.Delete(GraphPath);

        var problem = Should.Throw<ModelUnavailableException>(() => _shelf.OpenPrepared().Get("plus"));

        problem.Problem.ShouldBe(ModelProblem.Missing);
        problem.Message.ShouldContain(GraphPath);
        problem.Message.ShouldContain("`mediascore models prepare`");
    }

    [Fact]
    public void A_model_that_was_never_prepared_is_missing()
    {
        Directory.Delete(_shelf.Prepared, recursive: true);

        _shelf.OpenPrepared().TryGet("plus", out var model, out var problem).ShouldBeFalse();

        model.ShouldBeNull();
        problem.ShouldContain("mediascore models prepare");
    }

    [Fact]
    public void A_cut_file_is_named_with_its_sizes()
    {
        using (var file = File.OpenWrite(GraphPath))
            file.SetLength(file.Length - 10);

        var problem = Should.Throw<ModelUnavailableException>(() => _shelf.OpenPrepared().Get("plus"));

        problem.Problem.ShouldBe(ModelProblem.Cut);
        problem.Message.ShouldContain($"{SmallGraph.Bytes().Length - 10:N0} bytes instead of {SmallGraph.Bytes().Length:N0}");
    }

    [Fact]
    public void An_altered_file_is_refused()
    {
        var bytes = File.ReadAllBytes(GraphPath);
        bytes[20] ^= 1;
        File.WriteAllBytes(GraphPath, bytes);

        Should.Throw<ModelUnavailableException>(() => _shelf.OpenPrepared().Get("plus")).Problem.ShouldBe(ModelProblem.WrongHash);
    }

    [Fact]
    public void A_file_of_the_users_own_takes_the_place_of_the_packaged_one()
    {
        var own = Path.Combine(_shelf.Root, "own.onnx");
        File.WriteAllBytes(own, SmallGraph.Bytes(opset: 17));

        var model = _shelf.OpenPrepared(new Dictionary<string, string> { ["plus"] = own }).Get("plus");

        model.GraphPath.ShouldBe(own);
        model.IsOverride.ShouldBeTrue();
        model.Version.ShouldBe($"override+{FileDigest.Sha256(own)[..8]}");
    }

    [Fact]
    public void A_folder_of_the_users_own_takes_the_place_of_all_files()
    {
        var own = Directory.CreateDirectory(Path.Combine(_shelf.Root, "own")).FullName;
        File.WriteAllBytes(Path.Combine(own, "model.onnx"), SmallGraph.Bytes());

        _shelf.OpenPrepared(new Dictionary<string, string> { ["plus"] = own }).Get("plus").GraphPath.ShouldBe(Path.Combine(own, "model.onnx"));
    }

    [Fact]
    public void A_users_file_that_is_not_there_names_the_setting()
    {
        var problem = Should.Throw<ModelUnavailableException>(() => _shelf.OpenPrepared(new Dictionary<string, string> { ["plus"] = "/no/such.onnx" }).Get("plus"));

        problem.Problem.ShouldBe(ModelProblem.Missing);
        problem.Message.ShouldContain("/no/such.onnx");
        problem.Message.ShouldContain("Models:Overrides:plus");
    }

    [Theory]
    [InlineData(OnnxHeader.OldestOpset - 1)]
    [InlineData(OnnxHeader.NewestOpset + 1)]
    public void A_users_file_of_an_operator_set_that_does_not_run_is_refused(int opset)
    {
        var own = Path.Combine(_shelf.Root, "own.onnx");
        File.WriteAllBytes(own, SmallGraph.Bytes(opset));

        var problem = Should.Throw<ModelUnavailableException>(() => _shelf.OpenPrepared(new Dictionary<string, string> { ["plus"] = own }).Get("plus"));

        problem.Problem.ShouldBe(ModelProblem.WrongOpset);
        problem.Message.ShouldContain($"operator set {opset}");
    }

    [Fact]
    public void A_users_file_that_is_no_graph_is_refused()
    {
        var own = Path.Combine(_shelf.Root, "own.onnx");
        File.WriteAllText(own, "version https://git-lfs.github.com/spec/v1\n");

        Should.Throw<ModelUnavailableException>(() => _shelf.OpenPrepared(new Dictionary<string, string> { ["plus"] = own }).Get("plus"))
            .Problem.ShouldBe(ModelProblem.Cut);
    }

    [Fact]
    public void A_setting_for_an_unknown_model_is_refused_at_once() =>
        Should.Throw<ModelUnavailableException>(() => _shelf.OpenPrepared(new Dictionary<string, string> { ["pluss"] = "/x" })).Problem.ShouldBe(ModelProblem.Unknown);
}
