namespace MediaScore.WebRtc.Transport;

/// <summary>Has a place in one <see cref="DeadlineQueue{T}"/>, which alone writes these.</summary>
internal interface IDeadline
{
    Instant Deadline { get; set; }

    /// <summary>-1: in no queue.</summary>
    int HeapIndex { get; set; }
}

/// <summary>
/// Who is to be woken next: a binary heap whose members know their place, so that moving one (after every packet) costs a comparison or two and no memory. One thread.
/// </summary>
internal sealed class DeadlineQueue<T>
    where T : class, IDeadline
{
    private readonly List<T> _heap = [];

    public int Count => _heap.Count;

    public Instant Next => _heap.Count == 0 ? Instant.Never : _heap[0].Deadline;

    /// <summary>Adds it, or moves it to another deadline.</summary>
    public void Set(T item, Instant deadline)
    {
        if (item.HeapIndex < 0)
        {
            item.HeapIndex = _heap.Count;
            item.Deadline = deadline;
            _heap.Add(item);
            Rise(item);
        }
        else if (deadline != item.Deadline)
        {
            var earlier = deadline < item.Deadline;
            item.Deadline = deadline;
            if (earlier)
                Rise(item);
            else
                Sink(item);
        }
    }

    public void Remove(T item)
    {
        if (item.HeapIndex < 0)
            return;
        var last = _heap[^1];
        var hole = item.HeapIndex;
        _heap.RemoveAt(_heap.Count - 1);
        item.HeapIndex = -1;
        if (last == item)
            return;
        Place(last, hole);
        Rise(last);
        Sink(last);
    }

    /// <summary>The one that is due first, if any is. It stays in the queue.</summary>
    public bool TryPeekDue(Instant now, out T item)
    {
        item = _heap.Count > 0 && _heap[0].Deadline <= now ? _heap[0] : null!;
        return item is not null;
    }

    private void Place(T item, int index)
    {
        _heap[index] = item;
        item.HeapIndex = index;
    }

    private void Rise(T item)
    {
        var index = item.HeapIndex;
        while (index > 0 && _heap[(index - 1) / 2] is var parent && item.Deadline < parent.Deadline)
        {
            var above = parent.HeapIndex;
            Place(parent, index);
            index = above;
        }

        Place(item, index);
    }

    private void Sink(T item)
    {
        var index = item.HeapIndex;
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= _heap.Count)
                break;
            if (child + 1 < _heap.Count && _heap[child + 1].Deadline < _heap[child].Deadline)
                child++;
            if (item.Deadline <= _heap[child].Deadline)
                break;
            Place(_heap[child], index);
            index = child;
        }

        Place(item, index);
    }
}
