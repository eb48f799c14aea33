namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>A number that only grows, and that can be waited for. Thread-safe.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _value;

    public int Value
    {
        get
        {
            lock (_gate)
                return _value;
        }
    }

    public void Add() => Set(value => value + 1);

    public void RaiseTo(int value) => Set(known => Math.Max(known, value));

    public async Task ReachedAsync(int value)
    {
        while (true)
        {
            Task grown;
            lock (_gate)
            {
                if (_value >= value)
                    return;
                grown = _grown.Task;
            }

            await grown;
        }
    }

    private void Set(Func<int, int> change)
    {
        TaskCompletionSource grown;
        lock (_gate)
        {
            _value = change(_value);
            (grown, _grown) = (_grown, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        grown.SetResult();
    }
}
