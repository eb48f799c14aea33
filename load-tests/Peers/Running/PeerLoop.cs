using System.Collections.Concurrent;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Running;

/// <summary>One thread that drives many senders: sends what is due, looks at their sockets, waits. Open model: it never waits for the server.</summary>
internal sealed class PeerLoop : IDisposable
{
    private readonly PeerRunnerOptions _options;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly List<RunningPeer> _peers = [];
    private volatile bool _stopping;
    private int _peerCount;

    public PeerLoop(PeerRunnerOptions options, TimeProvider time, string name)
    {
        _options = options;
        _time = time;
        _start = time.GetTimestamp();
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public int PeerCount => Volatile.Read(ref _peerCount);

    public Instant Now => new(_time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Most time by which a look at what is due came late.</summary>
    public TimeSpan WorstDelay { get; private set; }

    public void Add(RunningPeer peer)
    {
        Interlocked.Increment(ref _peerCount);
        Post(() => _peers.Add(peer));
    }

    /// <summary>Runs on the loop's thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        _wake.Set();
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        _options.ThreadBegan?.Invoke();
        var buffer = new byte[2048];
        var nextPoll = Now;
        while (!_stopping)
        {
            while (_posted.TryDequeue(out var action))
                action();
            var now = Now;
            var poll = now >= nextPoll;
            if (poll)
            {
                var late = now - nextPoll;
                WorstDelay = late > WorstDelay ? late : WorstDelay;
                nextPoll = now + _options.SocketPoll;
            }

            for (var i = _peers.Count - 1; i >= 0; i--)
            {
                if (_peers[i].Step(now, poll, buffer))
                    continue;
                _peers.RemoveAt(i);
                Interlocked.Decrement(ref _peerCount);
            }

            if (_peers.Count > 0)
            {
                _wake.WaitOne(_options.Tick);
                continue;
            }

            // Nobody to look after: whoever is added wakes the loop.
            _wake.WaitOne();
            nextPoll = Now;
        }

        foreach (var peer in _peers)
            peer.End(Now);
        _options.ThreadEnds?.Invoke();
    }
}
