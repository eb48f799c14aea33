using MediaScore.Inference;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

// Two loops: one makes the recording durable and says so, one analyses it.
public sealed partial class InterviewSession
{
    // Progress of the final pass is told this often, in entries of the recording; 500 are about 8 s of sound and picture.
    private const int ProgressStride = 500;

    private void Start()
    {
        LogOpened(Settings.InterviewId, _queue.AppendedCount, _observations.Count);
        _acknowledging = RunAsync(AcknowledgeAsync);
        _analysing = RunAsync(AnalyseAsync);
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

    private async Task AnalyseAsync(CancellationToken cancellationToken)
    {
        if (_ended && Observations.Any(o => o is FinalPassDone))
        {
            _completion.TrySetResult();
            return;
        }

        var end = await AnalyseRecordingAsync(new KnownObservations(_timeline.Recovered.Select(e => e.Observation)), cancellationToken);
        await _sink.FlushAsync(cancellationToken);
        var observed = Observations;
        if (MissedEvidence.IsIn(observed))
        {
            LogAskingAgain(Settings.InterviewId);
            _sink.Expect(observed);
            await AnalyseRecordingAsync(new KnownObservations(observed), cancellationToken);
            await _sink.FlushAsync(cancellationToken);
        }

        await FinishAsync(end, cancellationToken);
    }

    /// <summary>One pass over everything that is recorded, as it comes, to the end of the interview.</summary>
    /// <returns>The latest media time.</returns>
    private async Task<MediaTime> AnalyseRecordingAsync(KnownObservations known, CancellationToken cancellationToken)
    {
        await using var analysis = CreateAnalysis(known);
        var next = 0L;
        while (true)
        {
            var (state, packet) = await _queue.TakeAsync(next, cancellationToken);
            if (state == QueueState.Ended)
                break;
            if (state == QueueState.OnDisk)
            {
                next = await CatchUpAsync(analysis, next, cancellationToken);
                continue;
            }

            if (_tracks[packet.Track].Format is { } format)
                analysis.Describe(format);
            await analysis.AcceptAsync(packet, HasEnded ? RequestClass.Deferred : RequestClass.Live, cancellationToken);
            next++;
            ReportProgress(next);
        }

        await analysis.CompleteAsync(RequestClass.Deferred, cancellationToken);
        return analysis.LastTime;
    }

    /// <summary>Reads what is not in memory (after a restart, or when the analysis fell behind) from the recording, up to its end as it is now.</summary>
    private async Task<long> CatchUpAsync(MediaAnalysis analysis, long next, CancellationToken cancellationToken)
    {
        LogCatchingUp(Settings.InterviewId, next, _queue.AppendedCount);
        // A reader sees what is sealed; a flush seals all that was appended.
        await _recording.FlushAsync(cancellationToken);
        using var key = _services.Keys.GetOrCreate(Settings.InterviewId);
        using var reader = RecordingReader.Open(Folder.RecordingPath, key);
        var ordinal = 0L;
        var reached = next;
        foreach (var entry in reader.ReadAll())
        {
            if (entry.Format is { } format)
            {
                analysis.Describe(format);
                continue;
            }

            if (ordinal++ < next)
                continue;
            await analysis.AcceptAsync(entry.Packet, RequestClass.Deferred, cancellationToken);
            reached = ordinal;
            ReportProgress(reached);
        }

        return reached > next ? reached : throw new LogDamagedException(
            $"{Folder.RecordingPath}: entry {next} was appended but cannot be read back ({reader.End.Reason ?? "the file ends before it"}).");
    }

    private async Task FinishAsync(MediaTime end, CancellationToken cancellationToken)
    {
        await AnalyseTextAsync(cancellationToken);
        await _sink.FlushAsync(cancellationToken);
        ModelStamp[] models = [.. Observations.Select(o => o.Model).OfType<ModelStamp>().Distinct().OrderBy(m => m.Id, StringComparer.Ordinal).ThenBy(m => m.Version, StringComparer.Ordinal)];
        await _sink.AppendAsync(new FinalPassDone(new MediaRange(MediaTime.Zero, end), models), cancellationToken);
        await _sink.FlushAsync(cancellationToken);
        await FlushRecordingAsync(cancellationToken);
        _completion.TrySetResult();
        Volatile.Read(ref _connection)?.Complete();
    }

    private void ReportProgress(long done)
    {
        if (HasEnded && done % ProgressStride == 0 && _queue.AppendedCount is var all and > 0)
            Publish(new ProgressMade("final pass", (double)done / all));
    }
}
