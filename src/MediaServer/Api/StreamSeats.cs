namespace MediaScore.MediaServer.Api;

/// <summary>
/// Bounds the event streams that are open at once for one thing. A phone that lost its network leaves its stream behind for minutes and comes back with another, so
/// the oldest gives way. Thread-safe.
/// </summary>
internal sealed class StreamSeats(int perKey)
{
    private readonly Dictionary<string, LinkedList<CancellationTokenSource>> _seats = new(StringComparer.Ordinal);

    /// <summary>Streams open now, in all.</summary>
    public int Count
    {
        get
        {
            lock (_seats)
                return _seats.Values.Sum(s => s.Count);
        }
    }

    /// <summary>Takes a seat until it is disposed.</summary>
    /// <param name="reader">Fires when the reader has gone.</param>
    /// <param name="stopping">Fires when the server stops.</param>
    public Seat Take(string key, CancellationToken reader, CancellationToken stopping)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(reader, stopping);
        CancellationTokenSource? oldest = null;
        lock (_seats)
        {
            if (!_seats.TryGetValue(key, out var taken))
                _seats[key] = taken = [];
            if (taken.Count >= perKey)
            {
                oldest = taken.First!.Value;
                taken.RemoveFirst();
            }

            taken.AddLast(source);
        }

        // It was found under the lock, so its owner has not disposed it; cancelling runs the owner's code, which must not run under ours.
        Cancel(oldest);
        return new Seat(this, key, source);
    }

    private static void Cancel(CancellationTokenSource? source)
    {
        try
        {
            source?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It left by itself at the same moment.
        }
    }

    private void Leave(string key, CancellationTokenSource source)
    {
        lock (_seats)
        {
            if (_seats.TryGetValue(key, out var taken) && taken.Remove(source) && taken.Count == 0)
                _seats.Remove(key);
        }

        source.Dispose();
    }

    internal sealed class Seat(StreamSeats owner, string key, CancellationTokenSource source) : IDisposable
    {
        /// <summary>Fires when the stream has to end.</summary>
        public CancellationToken Ending { get; } = source.Token;

        public void Dispose() => owner.Leave(key, source);
    }
}
