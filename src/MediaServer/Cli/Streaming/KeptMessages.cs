using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>
/// What was sent and is not yet durable on the server, in the order of sending, so that a broken stream can continue exactly where the server wants it to.
/// Thread-safe: the writer appends while the reader acknowledges.
/// </summary>
internal sealed class KeptMessages
{
    // The protocol's advice (interview.proto, StreamMedia).
    private const int MessagesAhead = 1_024;

    private readonly Lock _gate = new();
    private readonly List<Kept> _kept = [];
    private readonly Dictionary<Track, ulong> _durable = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _kept.Count;
        }
    }

    /// <summary>May another message be sent now, or must an acknowledgement come first?</summary>
    public bool HasRoom => Count < MessagesAhead;

    public void Add(ClientMessage message, Track track, ulong sequence, long timeUs)
    {
        lock (_gate)
            _kept.Add(new Kept(message, track, sequence, timeUs));
    }

    /// <summary>Forgets what is durable.</summary>
    public void Acknowledge(IEnumerable<TrackPosition> positions)
    {
        lock (_gate)
        {
            foreach (var position in positions)
                _durable[position.Track] = Math.Max(_durable.GetValueOrDefault(position.Track), position.NextSequence);
            _kept.RemoveAll(kept => kept.Sequence < _durable.GetValueOrDefault(kept.Track));
        }
    }

    /// <summary>What a new connection has to be sent again, oldest first.</summary>
    public IReadOnlyList<(ClientMessage Message, long TimeUs)> Unacknowledged()
    {
        lock (_gate)
            return [.. _kept.Select(kept => (kept.Message, kept.TimeUs))];
    }

    private readonly record struct Kept(ClientMessage Message, Track Track, ulong Sequence, long TimeUs);
}
