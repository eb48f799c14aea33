namespace MediaScore.Load.Clients;

/// <summary>One thread that tells many message streams when something is due, so that none needs a timer a packet. Open model: it waits for nobody.</summary>
internal sealed class MessagePacer : IDisposable
{
    // A quarter of a packet: what is due is on its way within this time.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _time;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private volatile IPaced[] _paced = [];
    private volatile bool _stopping;

    public MessagePacer(TimeProvider time)
    {
        _time = time;
        _thread = new Thread(Run) { IsBackground = true, Name = "load pacer" };
        _thread.Start();
    }

    public void Add(IPaced paced)
    {
        lock (_gate)
            _paced = [.. _paced, paced];
        _wake.Set();
    }

    public void Remove(IPaced paced)
    {
        lock (_gate)
            _paced = [.. _paced.Where(other => other != paced)];
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        PunctualThread.TryRaise();
        Tell();
        PunctualThread.Ended();
    }

    private void Tell()
    {
        while (!_stopping)
        {
            var all = _paced;
            foreach (var paced in all)
                paced.Tell(_time.GetTimestamp());
            // Nobody to tell: whoever is added wakes it.
            _wake.WaitOne(all.Length > 0 ? Tick : Timeout.InfiniteTimeSpan);
        }
    }
}

/// <summary>Something that sends at times of its own.</summary>
internal interface IPaced
{
    /// <summary>It is now this time; returns soon.</summary>
    void Tell(long now);
}
