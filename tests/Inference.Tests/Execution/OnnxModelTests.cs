using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Inference.Tests.Execution;

/// <summary>The pool on the real runtime.</summary>
public sealed class OnnxModelTests : IAsyncDisposable
{
    private readonly InferencePool _pool = new(new InferenceOptions { WorkerCount = 1 }, TimeProvider.System, NullLogger<InferencePool>.Instance);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Fact]
    public async Task Several_inputs_and_outputs_of_any_length_are_run()
    {
        using var file = TinyModel.TwoByTwo();
        var model = _pool.Load(new ModelLoad("two", file.Path) { MaxBatch = 4, VaryingShapes = true });
        model.Inputs.ShouldBe(["a", "b"]);
        model.Outputs.ShouldBe(["sum", "meanDifference"]);

        foreach (var length in (int[])[3, 5, 1])
        {
            var a = Enumerable.Range(10, length).Select(i => (long)i).ToArray();
            var b = Enumerable.Range(0, length).Select(i => (long)i).ToArray();
            var (sum, mean) = (new float[length + 2], new float[1]);

            var outcome = await _pool.RunAsync(
                model,
                new[] { new RowInput(a, new RowShape(length)), new RowInput(b, new RowShape(length)) },
                new[] { sum.AsMemory(), mean.AsMemory() },
                RequestClass.Live);

            outcome.ShouldBe(RunOutcome.Completed);
            sum.ShouldBe([.. a.Zip(b, (x, y) => (float)(x + y)), 0, 0]);
            mean.ShouldBe([10f]);
        }
    }

    [Fact]
    public async Task Only_the_outputs_that_were_asked_for_are_made()
    {
        using var file = TinyModel.TwoByTwo();
        var model = _pool.Load(new ModelLoad("one", file.Path) { Inputs = ["b", "a"], Outputs = ["meanDifference"] });
        var mean = new float[1];

        await _pool.RunAsync(
            model,
            new[] { new RowInput(new long[] { 1, 2 }, new RowShape(2)), new RowInput(new long[] { 5, 8 }, new RowShape(2)) },
            new[] { mean.AsMemory() },
            RequestClass.Live);

        mean.ShouldBe([5f]);
    }

    [Fact]
    public async Task A_lone_row_runs_as_two_where_the_model_wants_it()
    {
        using var file = TinyModel.RowCount();
        var padded = _pool.Load(new ModelLoad("padded", file.Path) { MaxBatch = 4, FillBatch = false, PadLoneRow = true });
        var plain = _pool.Load(new ModelLoad("plain", file.Path) { MaxBatch = 4, FillBatch = false });
        var varying = _pool.Load(new ModelLoad("varying", file.Path) { MaxBatch = 4, FillBatch = false, PadLoneRow = true, VaryingShapes = true });

        (await RunAsync(padded, [1], 1)).ShouldBe([2f]);
        (await RunAsync(plain, [1], 1)).ShouldBe([1f]);
        (await RunAsync(varying, [1], 1)).ShouldBe([2f]);
        _pool.Snapshot().Models[0].Rows.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_kernels_follow_the_number_of_rows_every_run_has_the_same_number(bool varyingShapes)
    {
        using var file = TinyModel.RowCount();
        var filled = _pool.Load(new ModelLoad("filled", file.Path) { MaxBatch = 4, FillBatch = true, VaryingShapes = varyingShapes });

        (await RunAsync(filled, [1], 1)).ShouldBe([4f]);
        (await Task.WhenAll(RunAsync(filled, [1], 1), RunAsync(filled, [2], 1), RunAsync(filled, [3], 1))).ShouldAllBe(rows => rows[0] == 4f);
        _pool.Snapshot().Models[0].Rows.ShouldBe(4);
    }

    /// <summary>As on a card, where a binding would keep the inputs of its first run.</summary>
    [Fact]
    public async Task Tensors_that_are_handed_over_anew_give_each_run_its_own_answer()
    {
        using var file = TinyModel.Affine();
        var model = _pool.Load(new ModelLoad("anew", file.Path) { MaxBatch = 4, BindsOnce = false });

        foreach (var first in (float[])[1, -2, 726])
            (await RunAsync(model, [first, 0, 0, 0], 3))[0].ShouldBe(first + 0.1f, tolerance: 1e-3);
    }

    [Fact]
    public async Task An_output_that_is_not_finite_fails_its_row_and_says_where()
    {
        using var file = TinyModel.Logarithm();
        var model = _pool.Load(new ModelLoad("log", file.Path) { MaxBatch = 4 });
        var output = new float[] { 7, 7 };

        var failure = await Should.ThrowAsync<InferenceFailedException>(
            async () => await _pool.RunAsync(model, new RowInput(new float[] { 1, -1 }, new RowShape(2)), output, RequestClass.Live));

        failure.Message.ShouldBe("Model 'log': value 1 of output 'y' is not finite.");
        output.ShouldBe([7f, 7f]);
        (await RunAsync(model, [1, 1], 2)).ShouldBe([0f, 0f]);
    }

    [Fact]
    public async Task A_buffer_that_is_too_short_fails_its_row()
    {
        using var file = TinyModel.Affine();
        var model = _pool.Load(new ModelLoad("affine", file.Path));

        var failure = await Should.ThrowAsync<ArgumentException>(
            async () => await _pool.RunAsync(model, new RowInput(new float[4], new RowShape(4)), new float[2], RequestClass.Live));

        failure.Message.ShouldContain("has 3 values, the buffer 2");
    }

    [Fact]
    public void Names_that_the_file_does_not_have_are_told_with_those_it_has()
    {
        using var file = TinyModel.Affine();

        Should.Throw<InferenceFailedException>(() => _pool.Load(new ModelLoad("bad", file.Path) { Inputs = ["z"] })).Message.ShouldContain("no input 'z'; it has x");
        Should.Throw<InferenceFailedException>(() => _pool.Load(new ModelLoad("bad", file.Path) { Outputs = ["z"] })).Message.ShouldContain("no output 'z'; it has y");
    }

    [Fact]
    public void A_file_that_is_no_model_is_told_by_its_path()
    {
        using var file = TinyModel.Affine();
        File.WriteAllText(file.Path, "this is no model");

        Should.Throw<InferenceFailedException>(() => _pool.Load(new ModelLoad("bad", file.Path))).Message.ShouldContain(file.Path);
    }

    [Fact]
    public async Task Compute_time_is_counted_for_the_model_that_took_it()
    {
        using var file = TinyModel.Affine();
        var used = _pool.Load(new ModelLoad("used", file.Path) { WarmShape = [new RowShape(4)] });
        _pool.Load(new ModelLoad("unused", file.Path));

        for (var i = 0; i < 20; i++)
            await RunAsync(used, [1, 2, 3, 4], 3);
        await _pool.DisposeAsync();

        var statistics = _pool.Snapshot();
        statistics.WorkerCount.ShouldBe(1);
        statistics.Models.Select(model => (model.Name, model.Requests, model.Rows)).ShouldBe([("used", 20, 20), ("unused", 0, 0)]);
        statistics.Models[0].ComputeSeconds.ShouldBeInRange(1e-6, 1);
        statistics.Models[1].ComputeSeconds.ShouldBe(0);
    }

    private async Task<float[]> RunAsync(ModelHandle model, float[] row, int outputLength)
    {
        var output = new float[outputLength];
        (await _pool.RunAsync(model, new RowInput(row, new RowShape(row.Length)), output, RequestClass.Live)).ShouldBe(RunOutcome.Completed);
        return output;
    }
}
