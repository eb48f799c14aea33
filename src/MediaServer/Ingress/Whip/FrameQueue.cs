using MediaScore.WebRtc;

namespace MediaScore.MediaServer.Ingress.Whip;

/// <summary>
/// Between the network thread, which may never wait, and the recording, which sometimes has to. Bounded in bytes and frames. When it is full the oldest pictures go, with
/// all that cannot be decoded without them; sound goes last. What went is counted, and the next frame of its kind says that something is missing before it.
/// </summary>
/// <param name="keyFrameWanted">Called when pictures were dropped and no later key frame is here; on the thread of <see cref="Add"/>.</param>
internal sealed class FrameQueue(Action keyFrameWanted, int maxCount = FrameQueue.DefaultCount, int maxBytes = FrameQueue.DefaultBytes) : IDisposable
{
    // 25 s of 50 packets of sound and 30 pictures a second: a disk that stalls for longer has failed.
    private const int DefaultCount = 2048;

    // 40 s at 800 kbit/s, so that the count is reached first, and one connection costs no more than an interview's analysis queue.
    private const int DefaultBytes = 4 << 20;

    private readonly Queue<(long Ordinal, QueuedFrame Frame)> _audio = new();
    private readonly Queue<(long Ordinal, QueuedFrame Frame)> _video = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private long _ordinal;
    private long _bytes;
    private long _audioLost;
    private long _videoLost;
    private bool _needsKeyFrame;
    private bool _completed;

    public long DroppedAudioCount { get; private set; }

    public long DroppedVideoCount { get; private set; }

    /// <summary>Copies the frame in. Never waits; after <see cref="Complete"/> it does nothing.</summary>
    public void Add(in EncodedFrame frame, long interviewUs)
    {
        lock (_audio)
        {
            if (_completed)
                return;
            var isAudio = frame.Kind is MediaKind.Audio;
            if (!isAudio && _needsKeyFrame && !frame.KeyFrame)
            {
                Lose(isAudio: false, frame.LostBefore);
                return;
            }

            MakeRoom(frame.Payload.Length);
            // Making room may have broken the chain that this picture hangs on.
            if (!isAudio && _needsKeyFrame && !frame.KeyFrame)
            {
                Lose(isAudio: false, frame.LostBefore);
                return;
            }

            var kept = new QueuedFrame(frame.Kind, frame.Codec, interviewUs, frame.KeyFrame, frame.LostBefore, frame.Payload.ToArray());
            (isAudio ? _audio : _video).Enqueue((_ordinal++, kept));
            _bytes += kept.Payload.Length;
            if (!isAudio)
                _needsKeyFrame = false;
        }

        Signal();
    }

    /// <returns>The oldest frame; null when nothing more will come.</returns>
    public async ValueTask<QueuedFrame?> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            lock (_audio)
            {
                if (Next() is { } frame)
                    return frame;
                if (_completed)
                    return null;
            }

            await _changed.WaitAsync(cancellation);
        }
    }

    /// <summary>Nothing more comes; what is here can still be taken.</summary>
    public void Complete()
    {
        lock (_audio)
        {
            if (_completed)
                return;
            _completed = true;
        }

        Signal();
    }

    public void Dispose() => _changed.Dispose();

    private QueuedFrame? Next()
    {
        var hasAudio = _audio.TryPeek(out var audio);
        var hasVideo = _video.TryPeek(out var video);
        if (!hasAudio && !hasVideo)
            return null;
        var takeAudio = hasAudio && (!hasVideo || audio.Ordinal < video.Ordinal);
        var frame = (takeAudio ? _audio : _video).Dequeue().Frame;
        _bytes -= frame.Payload.Length;
        ref var lost = ref takeAudio ? ref _audioLost : ref _videoLost;
        frame = frame with { LostBefore = frame.LostBefore + lost };
        lost = 0;
        return frame;
    }

    private void MakeRoom(int bytes)
    {
        var droppedPicture = false;
        while (_video.Count > 0 && IsFull(bytes))
        {
            DropOldest(_video, isAudio: false);
            droppedPicture = true;
            while (_video.TryPeek(out var next) && !next.Frame.KeyFrame)
                DropOldest(_video, isAudio: false);
        }

        if (droppedPicture && _video.Count == 0)
        {
            _needsKeyFrame = true;
            keyFrameWanted();
        }

        while (_audio.Count > 0 && IsFull(bytes))
            DropOldest(_audio, isAudio: true);
    }

    private bool IsFull(int bytes) => _bytes + bytes > maxBytes || _audio.Count + _video.Count >= maxCount;

    private void DropOldest(Queue<(long Ordinal, QueuedFrame Frame)> queue, bool isAudio)
    {
        var frame = queue.Dequeue().Frame;
        _bytes -= frame.Payload.Length;
        Lose(isAudio, frame.LostBefore);
    }

    private void Lose(bool isAudio, long lostBefore)
    {
        if (isAudio)
        {
            DroppedAudioCount++;
            _audioLost += 1 + lostBefore;
        }
        else
        {
            DroppedVideoCount++;
            _videoLost += 1 + lostBefore;
        }
    }

    private void Signal()
    {
        // One waiter, which reads the state again: one pending signal is enough.
        lock (_changed)
        {
            if (_changed.CurrentCount == 0)
                _changed.Release();
        }
    }
}
