using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Inference.Tests.Scheduling;

/// <summary>A pool on a clock that stands still until the test moves it.</summary>
internal sealed class PoolFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<GatedModel> _models = [];

    public PoolFixture(int workers = 1, Action<InferenceOptions>? configure = null)
    {
        var options = new InferenceOptions { WorkerCount = workers };
        configure?.Invoke(options);
        Pool = new InferencePool(options, Time, new Logger<InferencePool>(new SingleLoggerFactory(Log)));
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeLogger Log { get; } = new();

    public InferencePool Pool { get; }

    public (ModelHandle Handle, GatedModel Model) Load(string name = "gated", int maxBatch = 1, bool open = false, bool recurrent = false)
    {
        var model = new GatedModel(open);
        _models.Add(model);
        var load = new ModelLoad(name, $"{name}.onnx")
        {
            MaxBatch = maxBatch,
            State = recurrent ? new RecurrentState("state", "stateN", new RowShape(1), 0) : null,
        };
        return (Pool.Load(load, model, ["x"], ["y"]), model);
    }

    /// <summary>A request for one number.</summary>
    public PoolRequest Ask(ModelHandle model, float number, RequestClass requestClass = RequestClass.Live, double deadlineMs = 1000, CancellationToken cancellationToken = default)
    {
        var output = new float[1];
        var task = Pool.RunAsync(model, new RowInput(new[] { number }, new RowShape(1)), output, requestClass, TimeSpan.FromMilliseconds(deadlineMs), cancellationToken).AsTask();
        return new PoolRequest(task, output);
    }

    public static async Task<T> Within<T>(Task<T> task, string awaited)
    {
        try
        {
            return await task.WaitAsync(Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Did not happen: {awaited}.", late);
        }
    }

    public ModelStatistics Statistics(string name = "gated") => Pool.Snapshot().Models.Single(model => model.Name == name);

    public async ValueTask DisposeAsync()
    {
        foreach (var model in _models)
        {
            model.IsOpen = true;
            model.Release(100);
        }

        await Pool.DisposeAsync();
    }

    private sealed class SingleLoggerFactory(ILogger logger) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>One request of a test.</summary>
internal sealed record PoolRequest(Task<RunOutcome> Task, float[] Output)
{
    public async Task<float> AnswerAsync()
    {
        (await PoolFixture.Within(Task, "the answer of a request")).ShouldBe(RunOutcome.Completed);
        return Output[0];
    }
}
