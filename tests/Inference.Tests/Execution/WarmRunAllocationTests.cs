using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Inference.Tests.Execution;

[CollectionDefinition(nameof(WarmRunAllocationTests), DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>The gate on what the pool leaves to the garbage collector: bytes, not times.</summary>
[Collection(nameof(WarmRunAllocationTests))]
public sealed class WarmRunAllocationTests
{
    private const string NotOnCards = "On a card each run hands its tensors over, which allocates.";
    private const int RunCount = 1000;

    // More than any one thread's pools of objects hold, as many interviews are.
    private const int StreamCount = 32;

    [Fact]
    public void A_warm_batch_in_bound_tensors_allocates_next_to_nothing()
    {
        Assert.SkipWhen(OnnxSessions.IsOnCard, NotOnCards);
        using var file = TinyModel.Recurrent();
        using var model = new OnnxModel(Load(file.Path), concurrency: 1);
        var rows = Enumerable.Range(0, StreamCount).Select(_ =>
        {
            var row = new BatchRow { State = new float[6] };
            row.SetBuffers([new RowInput(new float[3], new RowShape(3))], [new float[3]]);
            return row;
        }).ToArray();
        model.Run(rows);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < RunCount; i++)
            model.Run(rows);

        ((GC.GetAllocatedBytesForCurrentThread() - before) / RunCount).ShouldBeLessThanOrEqualTo(64);
    }

    [Fact]
    public async Task A_warm_batch_through_the_pool_allocates_next_to_nothing_its_callers_included()
    {
        Assert.SkipWhen(OnnxSessions.IsOnCard, NotOnCards);
        using var file = TinyModel.Recurrent();
        await using var pool = new InferencePool(new InferenceOptions { WorkerCount = 1 }, TimeProvider.System, NullLogger<InferencePool>.Instance);
        var model = pool.Load(Load(file.Path));
        var slots = Enumerable.Range(0, StreamCount).Select(number => pool.OpenSlot(model, $"warm {number}")).ToArray();
        var input = new RowInput(new float[3], new RowShape(3));
        var outputs = slots.Select(_ => new float[3]).ToArray();
        await RunAsync(200);

        // All threads of the process count here, the runner's too, which is now and then at work: the least of a few counts.
        var least = long.MaxValue;
        for (var turn = 0; turn < 5 && least > 128; turn++)
        {
            var batches = pool.Snapshot().Models[0].Batches;
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(RunCount);
            var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            least = Math.Min(least, bytes / (pool.Snapshot().Models[0].Batches - batches));
        }

        least.ShouldBeLessThanOrEqualTo(128);
        foreach (var slot in slots)
            slot.Dispose();

        Task RunAsync(int count) => Task.WhenAll(slots.Zip(outputs, (slot, output) => StepAsync(slot, output, count)));

        async Task StepAsync(StateSlot slot, float[] output, int count)
        {
            for (var i = 0; i < count; i++)
                await pool.AdvanceAsync(slot, input, output, RequestClass.Live);
        }
    }

    private static ModelLoad Load(string path) => new("recurrent", path) { MaxBatch = StreamCount, State = new RecurrentState("state", "stateN", new RowShape(2, 3), 1) };
}
