using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Ingress.Grpc;

/// <summary>
/// What waits to be sent to one client, bounded. Acknowledgements are cumulative, so a newer one replaces the one that waits; when the rest is full, the oldest
/// caption or warning goes and is counted; everything else is kept, because there is little of it (two messages an answer, a few at the end). One reader.
/// </summary>
internal sealed class OutgoingMessages(int capacity) : IDisposable
{
    private readonly LinkedList<ServerMessage> _waiting = [];
    private readonly SemaphoreSlim _available = new(0);
    private LinkedListNode<ServerMessage>? _acknowledgement;
    private bool _completed;

    /// <summary>Captions and warnings that the client never got.</summary>
    public long DroppedCount { get; private set; }

    public int Count
    {
        get
        {
            lock (_waiting)
                return _waiting.Count;
        }
    }

    /// <returns>False when nothing can be dropped to make room: the client reads nothing, and the stream should be closed.</returns>
    public bool TryAdd(ServerMessage message)
    {
        lock (_waiting)
        {
            if (_completed)
                return true;
            if (message.Acknowledgement is not null && _acknowledgement is not null)
            {
                _acknowledgement.Value = message;
                return true;
            }

            if (_waiting.Count >= capacity && !DropOldest())
                return false;
            var node = _waiting.AddLast(message);
            if (message.Acknowledgement is not null)
                _acknowledgement = node;
        }

        _available.Release();
        return true;
    }

    /// <summary>Nothing will be added; what waits is still handed out.</summary>
    public void Complete()
    {
        lock (_waiting)
            _completed = true;
        _available.Release();
    }

    /// <returns>Null when completed and empty.</returns>
    public async ValueTask<ServerMessage?> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _available.WaitAsync(cancellation);
            lock (_waiting)
            {
                if (_waiting.First is { } first)
                {
                    _waiting.RemoveFirst();
                    if (first == _acknowledgement)
                        _acknowledgement = null;
                    return first.Value;
                }

                // A dropped message leaves its signal behind; only after the end does an empty list mean the end.
                if (_completed)
                {
                    _available.Release();
                    return null;
                }
            }
        }
    }

    public void Dispose() => _available.Dispose();

    private bool DropOldest()
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.MessageCase is not (ServerMessage.MessageOneofCase.Caption or ServerMessage.MessageOneofCase.Warning))
                continue;
            _waiting.Remove(node);
            DroppedCount++;
            return true;
        }

        return false;
    }
}
