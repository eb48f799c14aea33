using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Inference.Tests.Scheduling;

/// <summary>A pool on a clock that stands still until the test moves it.</summary>
internal sealed class PoolFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<GatedModel> _models = [];
    private readonly Channel<string> _logged = Channel.CreateUnbounded<string>();

    public PoolFixture(int workers = 1, Action<InferenceOptions>? configure = null)
    {
        Log = new FakeLogger(message => _logged.Writer.TryWrite(message));
        var options = new InferenceOptions { WorkerCount = workers, LiveBatchWaitMs = 10 };
        configure?.Invoke(options);
        Pool = new InferencePool(options, Time, new Logger<InferencePool>(new SingleLoggerFactory(Log)));
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeLogger Log { get; }

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

    public static async Task Within(Task task, string awaited)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Did not happen: {awaited}.", late);
        }
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

    /// <summary>Waits for a line of the log that holds these words.</summary>
    public async Task LoggedAsync(string words)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (!(await _logged.Reader.ReadAsync(limit.Token)).Contains(words, StringComparison.Ordinal))
                continue;
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"Was not logged: {words}.", late);
        }
    }

    /// <summary>Lets a run that is under way exceed its limit, look by look: 45 s.</summary>
    public void PassTheRunLimit()
    {
        for (var look = 0; look < 6; look++)
            Time.Advance(TimeSpan.FromSeconds(7.5));
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
