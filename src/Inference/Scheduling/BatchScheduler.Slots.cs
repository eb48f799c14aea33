namespace MediaScore.Inference;

/// <content>Recurrent slots.</content>
internal sealed partial class BatchScheduler
{
    private const int SweepIntervalMs = 60_000;

    public StateSlot OpenSlot(ModelHandle model, string owner)
    {
        var queue = QueueOf(model);
        if (model.Load.State is null)
            throw new InvalidOperationException($"Model '{model.Name}' has no recurrent state: run its rows with RunAsync.");
        var slot = new StateSlot(this, queue, owner);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(InferencePool));
            slot.UsedAt = _clock.Now;
            if (queue.Slots.Count >= _options.MaxSlots || slot.UsedAt - queue.SlotsSweptAt > _clock.FromMilliseconds(SweepIntervalMs))
                ReapIdle(queue, slot.UsedAt);
            if (queue.Slots.Count >= _options.MaxSlots)
            {
                var owners = queue.Slots.GroupBy(open => open.Owner).OrderByDescending(group => group.Count()).Take(3).Select(group => $"{group.Key} ({group.Count()})");
                throw new InvalidOperationException(
                    $"Model '{model.Name}' has {queue.Slots.Count} open slots, the limit Inference:MaxSlots. Most are held by {string.Join(", ", owners)}.");
            }

            queue.Slots.Add(slot);
        }

        return slot;
    }

    public void CloseSlot(StateSlot slot)
    {
        lock (_gate)
        {
            if (slot.Is == StateSlot.Condition.Open)
                slot.Is = StateSlot.Condition.Disposed;
            slot.Queue.Slots.Remove(slot);
        }
    }

    public void ResetSlot(StateSlot slot)
    {
        lock (_gate)
        {
            if (slot.IsBusy)
                throw new InvalidOperationException($"The slot of {slot.Owner} in '{slot.Model.Name}' cannot be reset while a step is under way.");
            Array.Clear(slot.State);
        }
    }

    private void Occupy(StateSlot slot)
    {
        switch (slot.Is)
        {
            case StateSlot.Condition.Disposed:
                throw new ObjectDisposedException(nameof(StateSlot), $"The slot of {slot.Owner} in '{slot.Model.Name}' was disposed.");
            case StateSlot.Condition.Reaped:
                throw new ObjectDisposedException(
                    nameof(StateSlot), $"The slot of {slot.Owner} in '{slot.Model.Name}' was taken back after {_options.SlotIdleMinutes} idle minutes (Inference:SlotIdleMinutes).");
            default:
                if (slot.IsBusy)
                    throw new InvalidOperationException($"The slot of {slot.Owner} in '{slot.Model.Name}' has a step under way: await it first.");
                slot.IsBusy = true;
                break;
        }
    }

    private void ReapIdle(ModelQueue queue, long now)
    {
        queue.SlotsSweptAt = now;
        var idleSince = now - _clock.FromTimeSpan(TimeSpan.FromMinutes(_options.SlotIdleMinutes));
        foreach (var slot in queue.Slots.Where(slot => !slot.IsBusy && slot.UsedAt < idleSince).ToArray())
        {
            slot.Is = StateSlot.Condition.Reaped;
            queue.Slots.Remove(slot);
            LogSlotReaped(queue.Handle.Name, slot.Owner, _options.SlotIdleMinutes);
        }
    }
}
