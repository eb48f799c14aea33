using CsCheck;
using MediaScore.TestMedia;

namespace MediaScore.Inference.Tests.Execution;

/// <summary>A row's answer is bit-equal alone and in any batch, at any place, among any neighbours.</summary>
public sealed class BatchInvarianceTests
{
    // Of 31 batch sizes each comes up about twice.
    private const int Samples = 60;

    [Fact]
    public void Rows_of_an_affine_model_do_not_depend_on_their_batch()
    {
        using var file = TinyModel.Affine();
        using var model = new OnnxModel(new ModelLoad("affine", file.Path) { MaxBatch = 32 }, concurrency: 1);

        Check(model, random => [new RowInput(Floats(random, 4), new RowShape(4))], [3]);
    }

    [Fact]
    public void Rows_and_states_of_a_recurrent_model_do_not_depend_on_their_batch()
    {
        using var file = TinyModel.Recurrent();
        using var model = new OnnxModel(
            new ModelLoad("recurrent", file.Path) { MaxBatch = 32, State = new RecurrentState("state", "stateN", new RowShape(2, 3), 1) }, concurrency: 1);

        Check(model, random => [new RowInput(Floats(random, 3), new RowShape(3))], [3]);
    }

    [Fact]
    public void Rows_of_a_model_of_varying_shapes_do_not_depend_on_their_batch()
    {
        using var file = TinyModel.TwoByTwo();
        using var model = new OnnxModel(new ModelLoad("two", file.Path) { MaxBatch = 32, VaryingShapes = true }, concurrency: 1);

        Check(
            model,
            random => [new RowInput(Integers(random, 7, 1000), new RowShape(7)), new RowInput(Integers(random, 7, 1000), new RowShape(7))],
            [7, 1]);
    }

    [Fact]
    public void Voice_activity_does_not_depend_on_other_streams()
    {
        using var model = new OnnxModel(
            new ModelLoad("silero-vad", Require("silero-vad"))
            {
                MaxBatch = PreparedModelFolder.Catalog.Models.Single(entry => entry.Id == "silero-vad").MaxBatch,
                Inputs = ["input"],
                Outputs = ["output"],
                Constants = [new ModelConstant("sr", [16_000], [])],
                State = new RecurrentState("state", "stateN", new RowShape(2, 128), 1),
            },
            concurrency: 1);

        // Every size, for kernels choose their tiles by it; the pool makes every one of them.
        for (var rowCount = 2; rowCount <= model.Load.MaxBatch; rowCount++)
            IsInvariant(model, random => [new RowInput(Floats(random, 576), new RowShape(576))], [1], seed: rowCount, rowCount).ShouldBeTrue($"a batch of {rowCount}");
        model.Load.MaxBatch.ShouldBeGreaterThan(32);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(37)]
    public void A_sentence_does_not_depend_on_other_sentences_of_its_length(int tokenCount)
    {
        using var model = new OnnxModel(
            new ModelLoad("minilm", Require("minilm-l6-en"))
            {
                MaxBatch = 8,
                VaryingShapes = true,
                Inputs = ["input_ids", "attention_mask", "token_type_ids"],
                Outputs = ["last_hidden_state"],
            },
            concurrency: 1);
        var shape = new RowShape(tokenCount);
        var ones = Enumerable.Repeat(1L, tokenCount).ToArray();
        var zeros = new long[tokenCount];

        Check(model, random => [new RowInput(Integers(random, tokenCount, 30_000), shape), new RowInput(ones, shape), new RowInput(zeros, shape)], [tokenCount * 384], samples: 5);
    }

    private static void Check(OnnxModel model, Func<Random, RowInput[]> makeRow, int[] outputLengths, int samples = Samples) =>
        Gen.Select(Gen.Int, Gen.Int[2, model.Load.MaxBatch]).Sample(
            (seed, rowCount) => IsInvariant(model, makeRow, outputLengths, seed, rowCount),
            iter: samples,
            threads: 1);

    private static bool IsInvariant(OnnxModel model, Func<Random, RowInput[]> makeRow, int[] outputLengths, int seed, int rowCount)
    {
        var rows = MakeRows(model, makeRow, outputLengths, seed, rowCount);
        model.Run(rows);
        var alone = MakeRows(model, makeRow, outputLengths, seed, rowCount);
        foreach (var row in alone)
            model.Run([row]);
        return rows.Zip(alone).All(pair => AreBitEqual(pair.First, pair.Second));
    }

    private static BatchRow[] MakeRows(OnnxModel model, Func<Random, RowInput[]> makeRow, int[] outputLengths, int seed, int rowCount)
    {
        var random = new Random(seed);
        var rows = new BatchRow[rowCount];
        for (var i = 0; i < rowCount; i++)
        {
            rows[i] = new BatchRow { State = model.Load.State is { } state ? Floats(random, state.RowShape.ElementCount) : null };
            rows[i].SetBuffers(makeRow(random), [.. outputLengths.Select(length => Unwritten(length))]);
        }

        return rows;
    }

    private static Memory<float> Unwritten(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.PositiveInfinity);
        return values;
    }

    private static bool AreBitEqual(BatchRow one, BatchRow other)
    {
        if (one.Failure is not null || other.Failure is not null)
            return false;
        for (var i = 0; i < one.Outputs.Length; i++)
        {
            if (!Bits(one.Outputs[i].Span).SequenceEqual(Bits(other.Outputs[i].Span)) || one.Outputs[i].Span.Contains(float.PositiveInfinity))
                return false;
        }

        return Bits(one.State).SequenceEqual(Bits(other.State));
    }

    private static ReadOnlySpan<int> Bits(ReadOnlySpan<float> values) => System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(values);

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f)];

    private static long[] Integers(Random random, int count, int bound) => [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(1, bound))];

    private static string Require(string id)
    {
        var path = Path.Combine(SharedTestData.PreparedModels, id, "model.onnx");
        Assert.SkipUnless(File.Exists(path), $"Needs {path}: run 'mediascore models prepare', or set MEDIASCORE_MODELS.");
        return path;
    }
}
