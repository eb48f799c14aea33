namespace MediaScore.Inference;

/// <content>The end of the pool.</content>
internal sealed partial class BatchScheduler
{
    /// <summary>Takes no new request from now on; the workers end when nothing is left.</summary>
    /// <returns>False when that was said before.</returns>
    public bool Stop()
    {
        lock (_gate)
        {
            if (_stopping)
                return false;
            _stopping = true;
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>After all workers have ended or were given up.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _watch.Dispose();
        FailRest();
        Meter.Dispose();
        foreach (var queue in _queues)
        {
            foreach (var slot in queue.Slots)
                LogSlotLeaked(queue.Handle.Name, slot.Owner);

            // A run that never ended still reads the model: better a leak at the end of the process than a crash.
            if (!_hung.Exists(unit => unit.Queue == queue))
                queue.Model.Dispose();
        }
    }

    /// <summary>Fails what nobody is left to run, where every worker hangs.</summary>
    private void FailRest()
    {
        var rows = new List<PendingRow>();
        List<IContinuousBatch> batches;
        lock (_gate)
        {
            _closed = true;
            foreach (var queue in _queues)
            {
                while (queue.RemoveFirst() is { } row)
                {
                    End(row);
                    queue.Counters.Failed++;
                    rows.Add(row);
                }
            }

            batches = [.. _continuous.Where(continuous => continuous.Batch.HasWork).Select(continuous => continuous.Batch)];
        }

        foreach (var row in rows)
        {
            Meter.Failed.Add(1, row.Queue.Counters.Tag);
            row.Fail(NobodyLeft(row.Queue.Handle.Name));
        }

        foreach (var batch in batches)
            batch.GiveUp(NobodyLeft(batch.Name));
    }

    private static InferenceFailedException NobodyLeft(string model) => new(model, "the pool ended, and no worker was left to run it.");
}
