using MediaScore.Inference.Catalog;
using Microsoft.ML.OnnxRuntime;

namespace MediaScore.Inference.Tests.Graphs;

/// <summary>
/// The law that makes scores fair: a row's answer does not depend on who else is in its batch. Compared bit by bit, against the prepared graphs
/// themselves; the pool has its own tests. On a card, where every run of a model has the same number of rows (<see cref="ModelLoad.FillBatch"/>), a row alone is
/// one among its own likes, and the law is asked of that number only.
/// </summary>
public sealed class BatchInvarianceTests
{
    // And the largest that the catalog allows.
    private static readonly int[] BatchSizes = [2, 3, 8, 32];

    private static readonly Dictionary<string, (RowInputRange[] Inputs, Dictionary<string, int> OutputBatchAxes)> Graphs = new()
    {
        ["silero-vad"] = (
            [new("input", [-1, 576], -0.3, 0.3), new("state", [2, -1, 128], -0.8, 0.8), new("sr", [], 16_000, 16_000)],
            new() { ["stateN"] = 1 }),
        ["minilm-l6-en"] = (
            [new("input_ids", [-1, 9], 1000, 20_000), new("attention_mask", [-1, 9], 1, 1), new("token_type_ids", [-1, 9], 0, 0)],
            []),
        ["blazeface"] = ([new("input", [-1, 256, 256, 3], -1, 1)], []),
        ["face-mesh"] = ([new("input_1", [-1, 192, 192, 3], 0, 1)], []),
        ["iris"] = ([new("input_1", [-1, 64, 64, 3], 0, 1)], []),
        ["face-detect-rfb320"] = ([new("input", [-1, 3, 240, 320], -1, 1)], []),
        ["head-pose"] = ([new("input", [-1, 3, 224, 224], -2, 2)], []),
        ["face-embedder"] = ([new("input", [-1, 3, 112, 112], -1, 1)], []),
        ["face-liveness"] = ([new("input", [-1, 3, 128, 128], 0, 255)], []),
    };

    public static TheoryData<string> Models => [.. Graphs.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_row_gives_the_same_bits_alone_and_in_every_batch(string id)
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);
        var model = PreparedModelFolder.Open().Get(id);
        var (inputs, axes) = Graphs[id];
        using var session = GoldenCheck.Load(model.GraphPath);
        var graph = new GraphRows(session, inputs, axes);
        int[] sizes = OnnxSessions.IsOnCard ? [model.Description.MaxBatch] : [.. BatchSizes, .. model.Description.MaxBatch > BatchSizes[^1] ? [model.Description.MaxBatch] : Array.Empty<int>()];
        // Rows beyond the batch, so that the two passes give a row different neighbours and another place.
        var rowCount = sizes[^1] + 8;
        var alone = Enumerable.Range(0, rowCount).Select(row => graph.Run(OnnxSessions.IsOnCard ? [.. Enumerable.Repeat(row, sizes[^1])] : [row])[0]).ToArray();

        foreach (var size in sizes)
        {
            // The largest batch holds nearly every row already: one pass of it is enough.
            foreach (var first in size == sizes[^1] ? (int[])[0] : [0, rowCount - size])
            {
                int[] rows = [.. Enumerable.Range(first, size).Reverse()];

                var together = graph.Run(rows);

                for (var place = 0; place < size; place++)
                    together[place].AsSpan().SequenceEqual(alone[rows[place]]).ShouldBeTrue($"{id}: row {rows[place]} at place {place} of {size}");
            }
        }
    }

    [Fact]
    public void Rows_differ_from_each_other_or_the_comparison_would_prove_nothing()
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);
        foreach (var (id, (inputs, axes)) in Graphs)
        {
            using var session = GoldenCheck.Load(PreparedModelFolder.Open().Get(id).GraphPath);

            var rows = new GraphRows(session, inputs, axes).Run(0, 1);

            rows[0].AsSpan().SequenceEqual(rows[1]).ShouldBeFalse(id);
        }
    }

    [Fact]
    public void Every_model_that_may_be_batched_is_tested_here() =>
        PreparedModelFolder.Catalog.Models.Where(model => model.MaxBatch > 1).Select(model => model.Id).ShouldBeSubsetOf(Graphs.Keys);

    /// <summary>The law is kept by taking one row: the encoder normalises over the whole sound and quantises over the whole utterance.</summary>
    [Theory]
    [InlineData("moonshine-tiny-en")]
    [InlineData("moonshine-base-en")]
    public void The_recognisers_encoder_takes_no_second_row(string id)
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);
        var model = PreparedModelFolder.Open().Get(id);
        using var session = GoldenCheck.Load(model.PathOf("encoder.onnx"));
        var graph = new GraphRows(session, [new("input_values", [-1, 8000], -0.1, 0.1)], new Dictionary<string, int>());

        graph.Run(0)[0].Length.ShouldBePositive();
        Should.Throw<OnnxRuntimeException>(() => graph.Run(0, 1));
        model.Description.MaxBatch.ShouldBe(1);
    }
}
