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
            _isCaughtUp = false;
    }

    /// <summary>A live event is on the disk.</summary>
    /// <param name="wasNew">It was not there before.</param>
    /// <returns>True where something before it is missing: the log has to be read.</returns>
    public bool Note(long serial, long? front, DateTimeOffset at, bool wasNew)
    {
        lock (_gate)
        {
            if (!_isCaughtUp)
                return false;
            if (serial <= _cursor.Serial)
            {
                // A question and the event that follows it may have one serial.
                if (!wasNew || serial == _cursor.Serial)
                    return false;
                // Its log was cleared, and counts from one again.
                _cursor = _cursor with { Serial = 0 };
                _isCaughtUp = false;
                return true;
            }

            // A device that reports a selection only leaves serials out, and names the one that it reported before.
            if (_cursor.Serial > 0 && serial != _cursor.Serial + 1 && !(front <= _cursor.Serial))
            {
                _isCaughtUp = false;
                return true;
            }

            Move(serial, at);
            return false;
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
    public void CatchUp(long? serial, DateTimeOffset? at, bool isRestarted)
    {
        lock (_gate)
        {
            _isCaughtUp = true;
            // The stream may have come further meanwhile.
            if (serial is { } last && at is { } when && (last > _cursor.Serial || isRestarted))
                Move(last, when);
            else
                (_cursor, _isDirty) = (_cursor with { SeenAt = time.GetUtcNow() }, true);
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

    private void Move(long serial, DateTimeOffset at) => (_cursor, _isDirty) = (_cursor with { Serial = serial, At = at, SeenAt = time.GetUtcNow() }, true);
}
