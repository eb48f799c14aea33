using MediaScore.Inference;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

// Two loops: one makes the recording durable and says so, one analyses it.
public sealed partial class InterviewSession
{
    // Progress of the final pass is told this often, in entries of the recording; 500 are about 8 s of sound and picture.
    private const int ProgressStride = 500;
    private const string FinalPassStep = "final pass";

    private void Start()
    {
        LogOpened(Settings.InterviewId, _queue.AppendedCount, _observations.Count);
        _acknowledging = RunAsync(AcknowledgeAsync);
        var endedBefore = _ended;
        _analysing = RunAsync(token => AnalyseAsync(endedBefore, token));
    }

    private async Task RunAsync(Func<CancellationToken, Task> loop)
    {
        // Off the caller's thread at once: opening must not run the first batch.
        await Task.Yield();
        try
        {
            await loop(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed; Completion is cancelled there.
        }
        catch (Exception exception)
        {
            // The session's boundary: whatever it was, other interviews go on.
            LogFailed(Settings.InterviewId, exception);
            _completion.TrySetException(exception);
            Volatile.Read(ref _connection)?.Supersede();
        }
    }

    private async Task AcknowledgeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _flushWanted.WaitAsync(cancellationToken);
            await Task.Delay(AcknowledgePeriod, _services.Time, cancellationToken);
            await FlushRecordingAsync(cancellationToken);
        }
    }

    /// <summary>What was appended before this call is durable after it, and the connection has been told.</summary>
    private async Task FlushRecordingAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ResumePosition> positions;
        MediaTime time;
        long number;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Taken before the flush: what arrives during it is not promised.
            positions = Positions();
            time = _appendedTime;
            number = ++_flushCount;
            _dirty = false;
        }
        finally
        {
            _gate.Release();
        }

        await _recording.FlushAsync(cancellationToken);
        lock (_observations)
        {
            // Two flushes may be under way; the one that began first knows less, and a promise is never taken back.
            if (number < _durableFlush)
                return;
            _durableFlush = number;
            _durableTime = time;
            _durablePositions = positions;
        }

        Publish(new Acknowledged(time, positions));
    }

    /// <param name="endedBefore">An earlier process has seen its end.</param>
    private async Task AnalyseAsync(bool endedBefore, CancellationToken cancellationToken)
    {
        if (endedBefore && Observations.Any(o => o is FinalPassDone))
        {
            _completion.TrySetResult();
            return;
        }

        // Nobody waits for captions of such an interview.
        var heardLive = false;
        if (!endedBefore)
        {
            _services.FinalPasses?.BeginLive();
            try
            {
                heardLive = await AnalyseLiveAsync(new KnownObservations(_timeline.Recovered.Select(e => e.Observation)), cancellationToken);
            }
            finally
            {
                _services.FinalPasses?.EndLive();
            }
        }

        _queue.Clear();
        await _sink.FlushAsync(cancellationToken);
        await TakeFinalPassAsync(heardLive, cancellationToken);
        _completion.TrySetResult();
        Volatile.Read(ref _connection)?.Complete();
    }

    /// <summary>Analyses what is recorded, as it comes, to the end of the interview.</summary>
    /// <returns>False where the interview is over and the analysis is so far behind that the rest is no longer in memory: the final pass reads it from disk.</returns>
    private async Task<bool> AnalyseLiveAsync(KnownObservations known, CancellationToken cancellationToken)
    {
        using var recording = new AppendedEntries(this);
        await using var analysis = CreateAnalysis(known);
        var next = 0L;
        while (true)
        {
            if (!_queue.TryTake(next, out var state, out var packet))
            {
                await _queue.WaitAsync(cancellationToken);
                continue;
            }

            if (state == QueueState.Ended)
                break;
            if (state == QueueState.OnDisk)
            {
                if (HasEnded)
                    return false;
                LogCatchingUp(Settings.InterviewId, next, _queue.AppendedCount);
                next = await recording.ReadAsync(analysis, next, () => !HasEnded, cancellationToken);
                continue;
            }

            if (_tracks[packet.Track].Format is { } format)
                analysis.Describe(format);
            await analysis.AcceptAsync(packet, RequestClass.Live, cancellationToken);
            next++;
            ReportProgress(next);
        }

        await analysis.CompleteAsync(RequestClass.Live, cancellationToken);
        return true;
    }

    /// <summary>Entries of the recording that are no longer in memory (after a restart, or when the analysis fell behind). Each chunk is read once, however often this is asked.</summary>
    private sealed class AppendedEntries(InterviewSession session) : IDisposable
    {
        // Fine enough to be out of the way in time, coarse enough that waiting costs nothing.
        private static readonly TimeSpan PaceStride = TimeSpan.FromMilliseconds(500);

        private RecordingReader? _reader;
        private long _read;

        /// <summary>Gives the analysis what was appended, from <paramref name="next"/> on, up to the end as it is now.</summary>
        /// <param name="goesOn">Asked before each entry.</param>
        /// <param name="pace">Holds a final pass back; null: what is live is read as fast as it can be.</param>
        /// <returns>The ordinal of the first entry that the analysis has not had.</returns>
        public async Task<long> ReadAsync(MediaAnalysis analysis, long next, Func<bool> goesOn, CancellationToken cancellationToken, FinalPass.FinalPassPace? pace = null)
        {
            var pacedUntil = analysis.LastTime;
            // A reader sees what is sealed; a flush seals all that was appended.
            await session._recording.FlushAsync(cancellationToken);
            _reader ??= Open();
            var reached = next;
            while (goesOn() && _reader.TryReadNext(out var entry))
            {
                if (entry.Format is { } format)
                {
                    analysis.Describe(format);
                    continue;
                }

                if (_read++ < next)
                    continue;
                await analysis.AcceptAsync(entry.Packet, RequestClass.Deferred, cancellationToken);
                reached = _read;
                session.ReportProgress(reached);
                if (pace is not null && analysis.LastTime - pacedUntil is var media && media >= PaceStride)
                {
                    pacedUntil = analysis.LastTime;
                    await pace.PassAsync(media, cancellationToken);
                }
            }

            return reached > next || !goesOn() ? reached : throw new LogDamagedException(
                $"{session.Folder.RecordingPath}: entry {next} was appended but cannot be read back ({_reader.End.Reason ?? "the file ends before it"}).");
        }

        public void Dispose() => _reader?.Dispose();

        private RecordingReader Open()
        {
            using var key = KeyOf(session.Settings, session._services);
            return RecordingReader.Open(session.Folder.RecordingPath, key);
        }
    }

    private void ReportProgress(long done)
    {
        if (HasEnded && done % ProgressStride == 0 && _queue.AppendedCount is var all and > 0)
            Publish(new ProgressMade(FinalPassStep, (double)done / all));
    }
}
