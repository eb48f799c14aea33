using MediaScore.Keys;
using MediaScore.Timeline;

namespace MediaScore.Recording;

/// <summary>
/// The only writer of one interview's recording: an encrypted append-only log (docs/formats/recording.md). Packets gather in a chunk of at most 64 KiB or one
/// second, are encrypted together and handed to the system; <see cref="FlushAsync"/> makes them durable. Thread-safe.
/// </summary>
public sealed class RecordingWriter : IAsyncDisposable, ICommitTarget
{
    private const int TrackCount = (int)TrackKind.Control;

    private readonly Lock _gate = new();
    private readonly GroupCommitter _committer;
    private readonly SealedLog _log;
    private readonly ChunkBuilder _chunk = new();
    private readonly TrackFormat?[] _formats = new TrackFormat?[TrackCount];
    private readonly TrackPosition[] _appended = new TrackPosition[TrackCount];
    private TrackPosition[] _durable;
    private long? _unflushedSince;
    private bool _closed;

    private RecordingWriter(ILogFiles files, InterviewFolder folder, DataKey key, ulong ownershipEpoch, GroupCommitter committer)
    {
        _committer = committer;
        _log = SealedLog.Open(files, folder, folder.RecordingPath, LogContent.Recording, key, ownershipEpoch, TakeOver);
        _durable = [.. _appended];
        committer.Register(this);
    }

    /// <summary>What was found at opening.</summary>
    public LogRecovery Recovery => _log.Recovery;

    /// <summary>The tracks described so far, this opening's and earlier ones', in order of their kind.</summary>
    public IReadOnlyList<TrackFormat> Tracks
    {
        get
        {
            lock (_gate)
                return [.. _formats.OfType<TrackFormat>()];
        }
    }

    long? ICommitTarget.UnflushedSince
    {
        get
        {
            lock (_gate)
                return _log.Fault is null ? _unflushedSince : null;
        }
    }

    /// <summary>Opens the recording, or makes a new one; cuts off a torn tail.</summary>
    /// <param name="key">Used during the call only; the caller keeps it.</param>
    /// <param name="ownershipEpoch">Written into every chunk; must not be lower than the last one in the file.</param>
    /// <exception cref="LogDamagedException">A chunk in the middle was changed, or the key is another one.</exception>
    /// <exception cref="LogFencedException">A later owner wrote to it, or another process has it open.</exception>
    /// <exception cref="LogStorageException">The disk refused it.</exception>
    public static ValueTask<RecordingWriter> OpenAsync(
        InterviewFolder folder, DataKey key, ulong ownershipEpoch, GroupCommitter committer, CancellationToken cancellationToken = default) =>
        OpenAsync(PhysicalLogFiles.Instance, folder, key, ownershipEpoch, committer, cancellationToken);

    internal static async ValueTask<RecordingWriter> OpenAsync(
        ILogFiles files, InterviewFolder folder, DataKey key, ulong ownershipEpoch, GroupCommitter committer, CancellationToken cancellationToken) =>
        await Task.Run(() => new RecordingWriter(files, folder, key, ownershipEpoch, committer), cancellationToken);

    /// <summary>What was appended, durable or not.</summary>
    public TrackPosition Appended(TrackKind track)
    {
        lock (_gate)
            return _appended[Index(track)];
    }

    /// <summary>What survives a power cut: only this may be acknowledged.</summary>
    public TrackPosition Durable(TrackKind track)
    {
        lock (_gate)
            return _durable[Index(track)];
    }

    /// <summary>Says what a track carries, before its first packet. Saying the same again does nothing. On disk with the next chunk that begins.</summary>
    /// <exception cref="InvalidOperationException">The track has another format already.</exception>
    /// <exception cref="LogStorageException">The disk refused the chunk before it.</exception>
    public void DescribeTrack(TrackFormat format)
    {
        lock (_gate)
        {
            ref var known = ref _formats[Index(format.Track)];
            if (known == format)
                return;
            if (known is not null)
            {
                throw new InvalidOperationException(
                    $"Track {format.Track} is {known.Codec} at {known.SampleRate} Hz with {known.Channels} channels and cannot become {format.Codec} at {format.SampleRate} Hz with {format.Channels}.");
            }

            // A chunk names its formats at its beginning.
            _chunk.SealInto(_log);
            known = format;
        }
    }

    /// <summary>Copies the packet into the current chunk. Waits for no flush; not durable yet.</summary>
    /// <exception cref="LogStorageException">The disk is full or failing; so says every later call, too.</exception>
    public ValueTask AppendAsync(RecordedPacket packet)
    {
        if (packet.Payload.Length > RecordedPacket.MaxPayloadBytes)
            throw new ArgumentException($"A packet of {packet.Payload.Length} bytes is over the limit of {RecordedPacket.MaxPayloadBytes}.", nameof(packet));
        var index = Index(packet.Track);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _log.ThrowIfFaulted();
            if (_formats[index] is null)
                throw new InvalidOperationException($"Track {packet.Track} has to be described before its first packet.");
            if (_chunk.IsFullFor(packet))
                _chunk.SealInto(_log);
            _chunk.Add(packet, _formats);
            _unflushedSince ??= _committer.TimeProvider.GetTimestamp();
            Count(_appended, packet);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Completes when everything appended before this call survives a power cut. Returns the file's durable length in bytes.</summary>
    /// <exception cref="LogStorageException">It could not be made durable; nothing new may be acknowledged.</exception>
    public async ValueTask<long> FlushAsync(CancellationToken cancellationToken = default)
    {
        bool durable;
        lock (_gate)
        {
            _log.ThrowIfFaulted();
            durable = _chunk.IsEmpty && _log.DurableLength == _log.Length;
        }

        if (!durable)
            await _committer.CommitAsync(this).WaitAsync(cancellationToken);
        return _log.DurableLength;
    }

    void ICommitTarget.Commit()
    {
        TrackPosition[] appended;
        lock (_gate)
        {
            _chunk.SealInto(_log);
            appended = [.. _appended];
            _unflushedSince = null;
        }

        // Outside the lock: packets go on arriving while the disk works.
        _log.Flush();
        lock (_gate)
            _durable = appended;
    }

    /// <summary>Flushes and closes. A fault of the disk is not thrown here: it was, or will be, by whoever waits for durability.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        await _committer.CommitAsync(this).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _committer.Unregister(this);
        _log.Dispose();
    }

    private static int Index(TrackKind track) => track is >= TrackKind.Audio and <= TrackKind.Control
        ? (int)track - 1
        : throw new ArgumentOutOfRangeException(nameof(track), track, "Not a track.");

    private static void Count(TrackPosition[] positions, in RecordedPacket packet)
    {
        ref var position = ref positions[Index(packet.Track)];
        position = new TrackPosition(Math.Max(position.NextSequence, packet.Sequence + 1), packet.Time, position.PacketCount + 1);
    }

    private void TakeOver(LogRecordHeader header, ReadOnlyMemory<byte> chunk)
    {
        var previous = MediaTime.Zero;
        while (ChunkFormat.TryRead(ref chunk, ref previous, out var entry))
        {
            if (entry.Format is { } format)
                _formats[Index(format.Track)] = format;
            else
                Count(_appended, entry.Packet);
        }

        if (!chunk.IsEmpty)
            throw new LogDamagedException($"Chunk {header.Sequence} of the recording holds an entry that this version does not know.");
    }
}
