using MediaScore.Inference.Tests.Execution;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Inference.Tests.Scheduling;

/// <summary>On the real clock and the real runtime: a wake-up that is lost shows as a request without an answer.</summary>
public sealed class StressTests
{
    private const int Callers = 24;
    private const int RequestsEach = 150;

    [Fact]
    public async Task Every_request_of_many_callers_classes_and_models_is_answered_with_its_own_numbers()
    {
        using var affineFile = TinyModel.Affine();
        using var recurrentFile = TinyModel.Recurrent();
        await using var pool = new InferencePool(
            new InferenceOptions { WorkerCount = 3, QueueCapacity = 8, LiveBatchWaitMs = 2, SampledBatchWaitMs = 2, DeferredBatchWaitMs = 2 },
            TimeProvider.System,
            NullLogger<InferencePool>.Instance);
        var affine = pool.Load(new ModelLoad("affine", affineFile.Path) { MaxBatch = 4 });
        var recurrent = pool.Load(new ModelLoad("recurrent", recurrentFile.Path) { MaxBatch = 4, State = new RecurrentState("state", "stateN", new RowShape(2, 3), 1) });

        var refusals = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(pool, affine, recurrent, caller)))).WaitAsync(TimeSpan.FromSeconds(60));

        var statistics = pool.Snapshot().Models;
        statistics.Sum(model => model.Requests).ShouldBe(2 * Callers * RequestsEach);
        statistics.Sum(model => model.Dropped).ShouldBe(refusals.Sum());
        statistics.ShouldAllBe(model => model.Failed == 0 && model.QueueDepth == 0);
    }

    /// <returns>Requests that were refused or dropped.</returns>
    private static async Task<int> CallAsync(InferencePool pool, ModelHandle affine, ModelHandle recurrent, int caller)
    {
        var random = new Random(caller);
        using var slot = pool.OpenSlot(recurrent, $"caller {caller}");
        var (expectedState, refusals) = (0f, 0);
        for (var i = 0; i < RequestsEach; i++)
        {
            var number = (float)random.Next(1, 1000);
            var output = new float[3];
            var outcome = await pool.RunAsync(affine, new RowInput(new[] { number, 0, 0, 0 }, new RowShape(4)), output, (RequestClass)random.Next(4));
            if (outcome == RunOutcome.Completed)
                output[0].ShouldBe(number + 0.1f, 0.001f);
            else
                refusals++;

            expectedState = (expectedState / 2) + number;
            await pool.StepAsync(slot, new RowInput(new[] { number, 0, 0 }, new RowShape(3)), output, random.Next(2) == 0 ? RequestClass.Live : RequestClass.Deferred);
            output[0].ShouldBe(expectedState, 0.001f * expectedState);
        }

        return refusals;
    }
}
