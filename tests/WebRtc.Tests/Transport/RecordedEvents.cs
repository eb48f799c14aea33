using System.Collections.Concurrent;

namespace MediaScore.WebRtc.Tests.Transport;

/// <summary>What a session told its owner, and waiting for it to tell.</summary>
internal sealed class RecordedEvents : IRtcEvents
{
    private readonly ConcurrentDictionary<RtcState, TaskCompletionSource> _states = new();
    private readonly TaskCompletionSource<CloseReason> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _audio;
    private int _video;

    public ConcurrentQueue<RtcState> States { get; } = new();

    public int AudioFrames => Volatile.Read(ref _audio);

    public int VideoFrames => Volatile.Read(ref _video);

    public int LostAudio { get; private set; }

    public Task<CloseReason> Closed => _closed.Task;

    /// <summary>Thrown from every frame.</summary>
    public Exception? Fault { get; set; }

    public Task Reached(RtcState state) => _states.GetOrAdd(state, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Completes with this many more sounds.</summary>
    public Task MoreAudio(int count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((_audio + count, reached));
            return reached.Task;
        }
    }

    public void OnFrame(in EncodedFrame frame)
    {
        if (Fault is not null)
            throw Fault;
        lock (_lock)
        {
            if (frame.Kind == MediaKind.Video)
            {
                _video++;
                return;
            }

            _audio++;
            LostAudio += frame.LostBefore;

            // Without an allocation: a test counts them.
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Count > _audio)
                    continue;
                _waiting[i].Reached.TrySetResult();
                _waiting.RemoveAt(i);
            }
        }
    }

    public void OnState(RtcState state, CloseReason reason)
    {
        States.Enqueue(state);
        _states.GetOrAdd(state, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        if (state == RtcState.Closed)
            _closed.TrySetResult(reason);
    }
}
