using MediaScore.TestMedia;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Inference.Tests.Execution;

[Collection(nameof(WarmRunAllocationTests))]
public sealed class MemoryGrowthTests
{
    // The largest row has 2 x 2.4 MB in and 1.2 MB out; kept for each of the lengths below they would be gigabytes.
    private const int LongestRow = 300_000;

    [Fact]
    public async Task Rows_of_a_thousand_lengths_take_no_more_memory_than_the_longest()
    {
        using var file = TinyModel.TwoByTwo();
        await using var pool = new InferencePool(new InferenceOptions { WorkerCount = 2 }, TimeProvider.System, NullLogger<InferencePool>.Instance);
        var model = pool.Load(new ModelLoad("two", file.Path) { MaxBatch = 1, VaryingShapes = true });
        var values = new long[LongestRow];
        var outputs = new[] { new float[LongestRow].AsMemory(), new float[1].AsMemory() };
        var random = new Random(5);
        async Task RunAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var length = random.Next(1, LongestRow);
                var row = new RowInput(values.AsMemory(0, length), new RowShape(length));
                await pool.RunAsync(model, new[] { row, row }, outputs, RequestClass.Deferred);
            }
        }

        await RunAsync(100);
        var before = Environment.WorkingSet;
        await RunAsync(1000);

        // The runner's own growth has room; one leaked row in ten would take five times as much.
        (Environment.WorkingSet - before).ShouldBeLessThan(64_000_000);
    }

    /// <summary>The encoder normalises over the whole length, so a row can't be padded to one of a few lengths: its shapes do vary, and the arena must bear it.</summary>
    [Fact]
    public async Task Utterances_of_a_thousand_lengths_let_the_recognisers_encoder_grow_by_nothing()
    {
        Assert.SkipUnless(PreparedMoonshine.IsThere, PreparedMoonshine.SkipReason);
        await using var pool = new InferencePool(new InferenceOptions { WorkerCount = 2 }, TimeProvider.System, NullLogger<InferencePool>.Instance);
        var encoder = pool.Load(new ModelLoad("encoder", Path.Combine(SharedTestData.PreparedModels, "moonshine-tiny-en", "encoder.onnx")) { VaryingShapes = true });
        var sound = SyntheticSound.Babble(seed: 3, seconds: 3);
        async Task RunAsync(int seed, int count)
        {
            var random = new Random(seed);
            var states = new float[sound.Length];
            for (var i = 0; i < count; i++)
            {
                var length = random.Next(8_000, sound.Length);
                await pool.RunAsync(encoder, new RowInput(sound.AsMemory(0, length), new RowShape(length)), states, RequestClass.Deferred);
            }
        }

        // Two at once, as in the server: pieces of two lengths are given back in any order.
        await Task.WhenAll(RunAsync(1, 200), RunAsync(2, 200));
        GC.Collect();
        var before = Environment.WorkingSet;
        await Task.WhenAll(RunAsync(3, 500), RunAsync(4, 500));
        GC.Collect();

        // The first layer's output alone is 0.9 MB at 3 s: were it kept of one run in forty, it would show.
        (Environment.WorkingSet - before).ShouldBeLessThan(12_000_000);
    }
}
