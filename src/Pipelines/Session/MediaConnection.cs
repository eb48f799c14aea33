using System.Threading.Channels;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// One transport's hold on a session. A session outlives its connections; a new one supersedes the one before. Calls come from one reader at a time.
/// </summary>
public sealed class MediaConnection : IDisposable
{
    // Captions and warnings of half a minute at the densest; a client that reads nothing loses the oldest of them, never an end state:
    // acknowledgements are cumulative and InterviewSession.Completion stands beside the channel.
    private const int EventCapacity = 256;

    private readonly InterviewSession _session;
    private readonly CancellationTokenSource _superseded = new();
    private readonly Channel<SessionEvent> _events;
    private long _droppedEventCount;
    private int _disposed;

    internal MediaConnection(InterviewSession session, MediaClockSource clock, bool resumed, MediaTime durable, IReadOnlyList<ResumePosition> resumePositions)
    {
        _session = session;
        Clock = clock;
        Resumed = resumed;
        Durable = durable;
        ResumePositions = resumePositions;
        _events = Channel.CreateBounded<SessionEvent>(
            new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _droppedEventCount));
    }

    /// <summary>The interview already held media when this connection came.</summary>
    public bool Resumed { get; }

    /// <summary>Durable media time when this connection came.</summary>
    public MediaTime Durable { get; }

    /// <summary>Where each track goes on. A track that is not listed starts at 0.</summary>
    public IReadOnlyList<ResumePosition> ResumePositions { get; }

    internal MediaClockSource Clock { get; }

    /// <summary>Fires when another connection takes over.</summary>
    public CancellationToken Superseded => _superseded.Token;

    /// <summary>What to tell the client. Completes when the connection or the session ends.</summary>
    public ChannelReader<SessionEvent> Events => _events.Reader;

    /// <summary>Events a slow client never saw.</summary>
    public long DroppedEventCount => Interlocked.Read(ref _droppedEventCount);

    /// <summary>Records one packet and hands it to the analysis. Completes when it is written (not yet durable).</summary>
    public ValueTask<PacketVerdict> AcceptAsync(IncomingPacket packet, CancellationToken cancellationToken) =>
        _session.AcceptAsync(this, packet, cancellationToken);

    /// <summary>One more track comes, of which nobody knew at the connection's beginning. Before its first packet.</summary>
    /// <exception cref="InvalidOperationException">The track has another format already; the message says which.</exception>
    public void Describe(Recording.TrackFormat format) => _session.Describe(format);

    /// <summary>The first number that a track has not seen, durable or not: where a sender without numbers of its own goes on.</summary>
    public Task<ulong> NextSequenceAsync(Recording.TrackKind track, CancellationToken cancellationToken) => _session.NextSequenceAsync(track, cancellationToken);

    /// <summary>An answer begins or ends at <paramref name="mediaTimeUs"/> on the client's clock.</summary>
    public ValueTask<PacketVerdict> AcceptMarkerAsync(
        ulong sequence, long mediaTimeUs, string stageId, string questionId, int attempt, bool begins, CancellationToken cancellationToken) =>
        _session.AcceptControlAsync(this, sequence, mediaTimeUs, new StageMarkerRecord(stageId, questionId, attempt, begins), cancellationToken);

    /// <param name="text">At most 20,000 characters.</param>
    public ValueTask<PacketVerdict> AcceptWrittenAnswerAsync(
        ulong sequence, long mediaTimeUs, string stageId, string questionId, int attempt, string text, CancellationToken cancellationToken) =>
        _session.AcceptControlAsync(this, sequence, mediaTimeUs, new WrittenAnswerRecord(stageId, questionId, attempt, text), cancellationToken);

    /// <summary>No more media: the session flushes, finishes the analysis and completes.</summary>
    public ValueTask<PacketVerdict> EndAsync(ulong sequence, long mediaTimeUs, InterviewEndReason reason, CancellationToken cancellationToken) =>
        _session.AcceptControlAsync(this, sequence, mediaTimeUs, new EndRecord(reason), cancellationToken);

    /// <summary>The transport is gone. The session stays.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _session.Detach(this);
        _events.Writer.TryComplete();
        _superseded.Dispose();
    }

    internal void Publish(SessionEvent @event) => _events.Writer.TryWrite(@event);

    internal void Supersede()
    {
        try
        {
            _superseded.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It went by itself at the same moment.
        }

        _events.Writer.TryComplete();
    }

    internal void Complete() => _events.Writer.TryComplete();
}
