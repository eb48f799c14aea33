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
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Taken before the flush: what arrives during it is not promised.
            positions = Positions();
            time = _appendedTime;
            _dirty = false;
        }
        finally
        {
            _gate.Release();
        }

        await _recording.FlushAsync(cancellationToken);
        lock (_observations)
        {
            _durableTime = time;
            _durablePositions = positions;
        }

        Publish(new Acknowledged(time, positions));
    }

    private async Task AnalyseAsync(CancellationToken cancellationToken)
    {
        // The analysers are joined to this loop when they land.
        var next = 0L;
        while ((await _queue.TakeAsync(next, cancellationToken)).State != QueueState.Ended)
            next++;
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
