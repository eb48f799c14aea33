using System.Collections.Concurrent;
using System.Threading.Channels;

namespace MediaScore.Inference.Tests.Scheduling;

/// <summary>
/// A model whose runs stop at a gate, so that a test decides what is queued while one runs. A row is one number; the answer is its double. Numbers in
/// <see cref="Poison"/> make the whole run throw.
/// </summary>
internal sealed class GatedModel : IBatchModel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<float[]> _started = Channel.CreateUnbounded<float[]>();
    private readonly SemaphoreSlim _gate = new(0);

    public GatedModel(bool open = false) => IsOpen = open;

    /// <summary>Open: runs do not stop.</summary>
    public bool IsOpen { get; set; }

    public HashSet<float> Poison { get; } = [];

    /// <summary>Rows that fail without their neighbours, as one whose output is not finite does.</summary>
    public HashSet<float> FailsAlone { get; } = [];

    public ConcurrentQueue<string> Threads { get; } = new();

    public bool IsDisposed { get; private set; }

    /// <summary>The rows of the next run that began.</summary>
    public async Task<float[]> NextRunAsync(string awaited)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await _started.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"No run began: {awaited}.", late);
        }
    }

    /// <summary>True when no run has begun that the test has not taken.</summary>
    public bool NothingBegan => !_started.Reader.TryPeek(out _);

    /// <summary>Lets one run through.</summary>
    public void Release(int runCount = 1) => _gate.Release(runCount);

    public void Run(ReadOnlySpan<BatchRow> rows)
    {
        var numbers = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            numbers[i] = rows[i].Inputs[0].Floats.Span[0];
        Threads.Enqueue(Thread.CurrentThread.Name ?? "unnamed");
        _started.Writer.TryWrite(numbers);
        if (!IsOpen && !_gate.Wait(Patience))
            throw new TimeoutException("The test did not release the run.");
        if (numbers.FirstOrDefault(Poison.Contains) is var bad and not 0)
            throw new InvalidDataException($"Row {bad} is poison.");

        if (!rows[0].TryWrite())
            return;
        foreach (var row in rows)
        {
            if (FailsAlone.Contains(row.Inputs[0].Floats.Span[0]))
            {
                row.Failure = new InvalidDataException("Not finite.");
                continue;
            }

            row.Outputs[0].Span[0] = row.Inputs[0].Floats.Span[0] * 2;
            if (row.State is { } state)
                row.Outputs[0].Span[0] = state[0] += row.Inputs[0].Floats.Span[0];
        }
    }

    public void Dispose() => IsDisposed = true;
}
