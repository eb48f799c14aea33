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
}
