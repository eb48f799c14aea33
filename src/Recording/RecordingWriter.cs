using MediaScore.Keys;

namespace MediaScore.Recording;

/// <summary>
/// The only writer of one interview's recording: an encrypted append-only log (docs/formats/recording.md). Packets gather in a chunk of at most 64 KiB or one
/// second, are encrypted together and handed to the system; <see cref="FlushAsync"/> makes them durable. Thread-safe.
/// </summary>
public sealed class RecordingWriter : IAsyncDisposable
{
    /// <summary>Opens the recording, or makes a new one; cuts off a torn tail.</summary>
    /// <param name="key">Used during the call only; the caller keeps it.</param>
    /// <param name="ownershipEpoch">Written into every chunk; must not be lower than the last one in the file.</param>
    /// <exception cref="LogDamagedException">A chunk in the middle was changed, or the key is another one.</exception>
    /// <exception cref="LogFencedException">A later owner wrote to it, or another process has it open.</exception>
    public static ValueTask<RecordingWriter> OpenAsync(
        InterviewFolder folder, DataKey key, ulong ownershipEpoch, GroupCommitter committer, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The recording is being built.");

    /// <summary>What was found at opening.</summary>
    public LogRecovery Recovery { get; }

    /// <summary>The tracks described so far, this opening's and earlier ones'.</summary>
    public IReadOnlyList<TrackFormat> Tracks => throw new NotSupportedException("The recording is being built.");

    /// <summary>What was appended, durable or not.</summary>
    public TrackPosition Appended(TrackKind track) => throw new NotSupportedException("The recording is being built.");

    /// <summary>What survives a power cut: only this may be acknowledged.</summary>
    public TrackPosition Durable(TrackKind track) => throw new NotSupportedException("The recording is being built.");

    /// <summary>Says what a track carries, before its first packet. Saying the same again does nothing.</summary>
    /// <exception cref="InvalidOperationException">The track has another format already.</exception>
    public void DescribeTrack(TrackFormat format) => throw new NotSupportedException("The recording is being built.");

    /// <summary>Copies the packet into the current chunk. Waits for no flush; not durable yet.</summary>
    /// <exception cref="LogStorageException">The disk is full or failing; so says every later call, too.</exception>
    public ValueTask AppendAsync(RecordedPacket packet) => throw new NotSupportedException("The recording is being built.");

    /// <summary>Completes when everything appended before this call survives a power cut. Returns the file's durable length in bytes.</summary>
    /// <exception cref="LogStorageException">It could not be made durable; nothing new may be acknowledged.</exception>
    public ValueTask<long> FlushAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("The recording is being built.");

    /// <summary>Flushes and closes.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException("The recording is being built.");
}
