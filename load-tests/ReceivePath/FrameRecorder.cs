using MediaScore.WebRtc;

namespace MediaScore.ReceivePath;

/// <summary>
/// What a recorder does with frames: the loop copies each into memory that is there already; a thread appends what came in 50 ms to a file with one write, as the server's group commit does. The server's own
/// encrypts them too, on threads of its own.
/// </summary>
internal sealed class FrameRecorder : IAsyncDisposable
{
    public const string ThreadName = "recorder";

    // 300 ms of 100 senders.
    private const int GroupBytes = 4 * 1024 * 1024;

    private const int HeaderBytes = 16;

    private static readonly TimeSpan CommitPeriod = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _done = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly FileStream _file;
    private byte[] _filling = new byte[GroupBytes];
    private byte[] _writing = new byte[GroupBytes];
    private int _filled;
    private long _frames;
    private long _dropped;

    public FrameRecorder(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        new Thread(Write) { IsBackground = true, Name = ThreadName }.Start();
    }

    public long FrameCount => Interlocked.Read(ref _frames);

    public long DroppedCount => Interlocked.Read(ref _dropped);

    /// <summary>On the loop's thread.</summary>
    public void Add(in EncodedFrame frame)
    {
        _frames++;
        lock (_lock)
        {
            var room = _filling.AsSpan(_filled);
            if (room.Length < HeaderBytes + frame.Payload.Length)
            {
                _dropped++;
                return;
            }

            BitConverter.TryWriteBytes(room, frame.MediaTimeUs);
            room[8] = (byte)frame.Kind;
            room[9] = frame.KeyFrame ? (byte)1 : (byte)0;
            BitConverter.TryWriteBytes(room[12..], frame.Payload.Length);
            frame.Payload.CopyTo(room[HeaderBytes..]);
            _filled += HeaderBytes + frame.Payload.Length;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Set();
        await _done.Task;
        _stop.Dispose();
        await _file.DisposeAsync();
    }

    private void Write()
    {
        bool last;
        do
        {
            last = _stop.Wait(CommitPeriod);
            int count;
            lock (_lock)
            {
                (_filling, _writing) = (_writing, _filling);
                (count, _filled) = (_filled, 0);
            }

            _file.Write(_writing, 0, count);
        }
        while (!last);
        _done.SetResult();
    }
}
