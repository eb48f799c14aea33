using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Inference.Tests.Execution;

[CollectionDefinition(nameof(WarmRunAllocationTests), DisableParallelization = true)]
public sealed class AloneCollection;

[Collection(nameof(WarmRunAllocationTests))]
public sealed class WarmRunAllocationTests
{
    [Fact]
    public void A_warm_batch_in_bound_tensors_allocates_next_to_nothing()
    {
        using var file = TinyModel.Recurrent();
        using var model = new OnnxModel(
            new ModelLoad("recurrent", file.Path) { MaxBatch = 8, State = new RecurrentState("state", "stateN", new RowShape(2, 3), 1) }, concurrency: 1);
        var rows = Enumerable.Range(0, 8).Select(_ =>
        {
            var row = new BatchRow { State = new float[6] };
            row.SetBuffers([new RowInput(new float[3], new RowShape(3))], [new float[3]]);
            return row;
        }).ToArray();
        model.Run(rows);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            model.Run(rows);

        ((GC.GetAllocatedBytesForCurrentThread() - before) / 100).ShouldBeLessThanOrEqualTo(64);
    }

    [Fact]
    public async Task A_warm_step_through_the_pool_allocates_less_than_a_kilobyte()
    {
        using var file = TinyModel.Recurrent();
        await using var pool = new InferencePool(new InferenceOptions { WorkerCount = 1 }, TimeProvider.System, NullLogger<InferencePool>.Instance);
        var model = pool.Load(new ModelLoad("recurrent", file.Path) { MaxBatch = 8, State = new RecurrentState("state", "stateN", new RowShape(2, 3), 1) });
        using var slot = pool.OpenSlot(model, "warm");
        var input = new RowInput(new float[3], new RowShape(3));
        var output = new float[3];
        for (var i = 0; i < 200; i++)
            await pool.StepAsync(slot, input, output, RequestClass.Live);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < 1000; i++)
            await pool.StepAsync(slot, input, output, RequestClass.Live);

        // All threads of the process count here, the runner's too: hence the room.
        ((GC.GetTotalAllocatedBytes(precise: true) - before) / 1000).ShouldBeLessThan(1024);
    }
}
