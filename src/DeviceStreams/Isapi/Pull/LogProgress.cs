using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>
/// How far one device's log is known without a gap. Only an unbroken chain moves it on, or a look into the log itself; so it may be behind, never ahead. Thread-safe.
/// </summary>
internal sealed class LogProgress(Device device, DeviceRegistry registry, TimeProvider time) : IDisposable
{
    // What is read again after a crash; it is known then, and costs one page.
    private static readonly TimeSpan WritePeriod = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1);
    private IsapiCursor _cursor = IsapiCursor.Read(device.Row.Cursor);
    private Chain? _chain;
    private int _looks;
    private bool _isDirty;
    private bool _isCaughtUp;
    private long _writtenAt = time.GetTimestamp();

    public IsapiCursor Cursor
    {
        get
        {
            lock (_gate)
                return _cursor;
        }
    }

    /// <summary>A connection begins: what happened in between is not known.</summary>
    public void BeginGap()
    {
        lock (_gate)
            (_isCaughtUp, _chain) = (false, null);
    }

    /// <summary>The log begins to be read; what has happened by now is in it.</summary>
    public void BeginLook()
    {
        lock (_gate)
            _looks++;
    }

    /// <summary>A live event is on the disk.</summary>
    /// <param name="front">The one that was reported before it; null or 0: it does not say.</param>
    /// <param name="wasNew">It was not there before.</param>
    /// <returns>True where something before it is missing: the log has to be read.</returns>
    public bool Note(long serial, long? front, DateTimeOffset at, bool wasNew)
    {
        // A device that reports a selection only leaves serials out, and names the one that it reported before.
        var before = front is { } named and > 0 && named < serial ? named : serial - 1;
        lock (_gate)
        {
            if (!_isCaughtUp)
            {
                Hold(serial, before, at, wasNew);
                return false;
            }

            if (serial <= _cursor.Serial)
            {
                // Said once more; also with another time behind the same number.
                if (!wasNew || serial == _cursor.Serial)
                    return false;
                // Its log was cleared, and counts from one again.
                (_cursor, _isDirty) = (_cursor with { Serial = 0 }, true);
            }
            else if (_cursor.Serial == 0 || before <= _cursor.Serial)
            {
                Move(serial, at);
                return false;
            }

            _isCaughtUp = false;
            Hold(serial, before, at, wasNew);
            return true;
        }
    }

    /// <summary>The log was read up to here, in its order.</summary>
    public void Advance(long serial, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (serial > _cursor.Serial)
                Move(serial, at);
        }
    }

    /// <summary>The log was read to its end, or cannot be read at all: from here on the stream's chain counts.</summary>
    /// <param name="serial">Its last; null where there was nothing new.</param>
    /// <param name="isRestarted">Its serials began at one again.</param>
    /// <returns>True where the stream was ahead of what was read, with something missing between the two: it has to be read once more.</returns>
    public bool CatchUp(long? serial, DateTimeOffset? at, bool isRestarted)
    {
        lock (_gate)
        {
            // The stream may have come further meanwhile.
            if (serial is { } last && (last > _cursor.Serial || isRestarted))
                Move(last, at);
            if (_chain is { } chain && chain.Last > _cursor.Serial)
            {
                // It began while the log was read; what came before it may not have been there yet. Once it was there, and was not found, it is nowhere: a clock that is wrong, a selection.
                if (chain.Look == _looks && chain.Before > _cursor.Serial)
                    return true;
                Move(chain.Last, chain.At);
            }
            else if (_cursor is { Serial: 0, Anchor: > 0 and var anchor })
            {
                Move(anchor, null);
            }

            (_chain, _isCaughtUp) = (null, true);
            (_cursor, _isDirty) = (_cursor with { SeenAt = time.GetUtcNow() }, true);
            return false;
        }
    }

    /// <summary>Changes what else is remembered; durable on return.</summary>
    public async Task ChangeAsync(Func<IsapiCursor, IsapiCursor> change, CancellationToken cancellationToken)
    {
        lock (_gate)
            (_cursor, _isDirty) = (change(_cursor), true);
        await WriteAsync(cancellationToken);
    }

    /// <summary>Now and then, so that not every event is a write of its own.</summary>
    public Task WriteSometimesAsync(CancellationToken cancellationToken) =>
        time.GetElapsedTime(Interlocked.Read(ref _writtenAt)) < WritePeriod ? Task.CompletedTask : WriteAsync(cancellationToken);

    /// <summary>Durable on return.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            string text;
            lock (_gate)
            {
                if (!_isDirty)
                    return;
                (text, _isDirty) = (_cursor.Write(), false);
            }

            Interlocked.Exchange(ref _writtenAt, time.GetTimestamp());
            await registry.ChangeAsync(device.Id, row => row.Cursor = text, announce: false, cancellationToken);
        }
        catch
        {
            lock (_gate)
                _isDirty = true;
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    /// <summary>Kept until the log was read: whether it joins on to what is known is told then.</summary>
    private void Hold(long serial, long before, DateTimeOffset at, bool wasNew)
    {
        if (_cursor is { Serial: 0, Anchor: 0 })
            (_cursor, _isDirty) = (_cursor with { Anchor = serial }, true);
        // Broken, or counted from one again: what came before is looked for in the log.
        if (_chain is not { } chain || before > chain.Last || (wasNew && serial < chain.Last))
            _chain = new Chain(before, serial, at, _looks);
        else if (serial > chain.Last)
            _chain = chain with { Last = serial, At = at };
    }

    private void Move(long serial, DateTimeOffset? at) =>
        (_cursor, _isDirty) = (_cursor with { Serial = serial, Anchor = 0, At = at ?? _cursor.At, SeenAt = time.GetUtcNow() }, true);

    /// <summary>Live events without a gap among them.</summary>
    /// <param name="Before">What has to be known for all of them to be.</param>
    /// <param name="Look">The last look into the log that had begun when its first one came.</param>
    private readonly record struct Chain(long Before, long Last, DateTimeOffset At, int Look);
}
