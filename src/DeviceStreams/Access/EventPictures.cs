using System.Threading.Channels;
using MediaScore.Keys;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Access;

/// <summary>
/// The pictures of events on disk: one sealed file each, in a folder a day. A loop removes those that are too old, and the oldest where there are too many. Thread-safe; dispose it
/// after those who keep pictures.
/// </summary>
public sealed partial class EventPictures : IEventPictures, IAsyncDisposable
{
    /// <summary>Largest picture that is kept.</summary>
    // A terminal's two megapixels have 300 KB.
    public const int MaxPictureBytes = 1 << 20;

    // Each write waits for the disk on a thread of the pool.
    private const int WritesAtOnce = 4;

    // 64 MiB at most are in memory for it; a terminal that sends more than a disk takes loses pictures, never events.
    private const int MostWaiting = 64;

    // Once it is full the oldest go until a twentieth is free, so that not every picture costs a look at the folders.
    private const double FreedShare = 0.05;

    // While the loop is still busy removing, this much more is taken.
    private const double Slack = 0.1;

    // What is thrown away by the day needs no better clock.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly TenantKeys _keys;
    private readonly int _keepDays;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PictureMeter _meter;
    private readonly SemaphoreSlim _turns = new(WritesAtOnce);
    private readonly Channel<bool> _sweeps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ITimer _timer;
    private readonly Task _loop;
    private int _waiting;
    private long _bytes;
    private int _disposed;

    /// <param name="folder">Of its own; made where it is missing.</param>
    public EventPictures(string folder, TenantKeys keys, DeviceOptions options, TimeProvider time, ILogger<EventPictures> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_folder, _keys, _time, _logger) = (folder, keys, time, logger);
        (_keepDays, _maxBytes) = (options.KeepPicturesDays, (long)options.MaxPicturesMiB << 20);
        _meter = new PictureMeter(this, () => Volatile.Read(ref _bytes));
        DurableFile.CreateFolder(folder);
        _timer = time.CreateTimer(static sweeps => ((ChannelWriter<bool>)sweeps!).TryWrite(true), _sweeps.Writer, TimeSpan.Zero, SweepPeriod);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>The loop has looked once more.</summary>
    internal event Action? Swept;

    /// <summary>On the disk, as far as it is known between two looks.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <inheritdoc/>
    public async Task<string?> KeepAsync(string tenant, string deviceId, string key, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        if (FaultOf(picture.Span) is { } fault)
            return Refuse(fault);
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return Refuse("busy");
        }

        try
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => Write(tenant, PictureName.FileOf(tenant, deviceId, key), picture.Span), cancellationToken);
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        if (!PictureName.TryParse(name, out var day, out var file))
            return null;
        try
        {
            var box = await File.ReadAllBytesAsync(Path.Combine(_folder, day, file), cancellationToken);
            return _keys.TryOpen(tenant, ContextOf(name), box);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Looks now, whatever the clock says.</summary>
    internal void SweepSoon() => _sweeps.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _timer.DisposeAsync();
        _sweeps.Writer.TryComplete();
        await _loop;
        _meter.Dispose();
        _turns.Dispose();
    }

    private static string ContextOf(string name) => $"picture/{name}";

    private string? FaultOf(ReadOnlySpan<byte> jpeg) => _keepDays == 0 ? "off"
        : jpeg is not [0xFF, 0xD8, 0xFF, ..] ? "no-jpeg"
        : jpeg.Length > MaxPictureBytes ? "too-large"
        : Volatile.Read(ref _bytes) + jpeg.Length > _maxBytes * (1 + Slack) ? "no-room"
        : null;

    private string? Refuse(string reason)
    {
        _meter.Refused(reason);
        return null;
    }

    private string? Write(string tenant, string file, ReadOnlySpan<byte> jpeg)
    {
        try
        {
            if (Find(file) is { } known)
                return known;
            var day = PictureName.DayOf(_time.GetUtcNow());
            var (name, folder) = (PictureName.Of(day, file), Path.Combine(_folder, day));
            var content = _keys.Seal(tenant, ContextOf(name), jpeg);
            DurableFile.CreateFolder(folder);
            // Another request may bring the same picture at this moment: either of the two is whole.
            DurableFile.Write(Path.Combine(folder, file), content);
            _meter.Kept();
            if (Interlocked.Add(ref _bytes, content.Length) > _maxBytes)
                SweepSoon();
            return name;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or MasterKeyException)
        {
            // A full disk must not keep the event itself from being stored.
            LogNotKept(fault);
            return Refuse("disk");
        }
    }

    /// <summary>The name of a picture that is kept already: a look a day that is kept, microseconds each, beside a write that waits for the disk.</summary>
    private string? Find(string file) => Directory.EnumerateDirectories(_folder)
        .Where(folder => File.Exists(Path.Combine(folder, file)))
        .Select(folder => Path.GetFileName(folder))
        .Where(day => PictureName.ParseDay(day) is not null)
        .Select(day => PictureName.Of(day, file))
        .FirstOrDefault();

    private async Task RunAsync()
    {
        await foreach (var _ in _sweeps.Reader.ReadAllAsync())
        {
            try
            {
                Sweep();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // The next look tries again.
                LogNotSwept(fault);
            }

            Swept?.Invoke();
        }
    }

    private void Sweep()
    {
        // Whole days: a picture of the last moment of a day has been kept as long as was promised when its folder goes.
        var oldest = _time.GetUtcNow().AddDays(-(_keepDays + 1));
        var days = new List<(string Path, long Bytes)>();
        foreach (var path in Directory.EnumerateDirectories(_folder).Order(StringComparer.Ordinal))
        {
            if (PictureName.ParseDay(Path.GetFileName(path)) is not { } day)
                continue;
            if (_keepDays == 0 || day <= oldest)
                _meter.Removed(RemoveDay(path), "age");
            else
                days.Add((path, new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length)));
        }

        var total = days.Sum(day => day.Bytes);
        if (total > _maxBytes)
            total = Free(days, total);
        Interlocked.Exchange(ref _bytes, total);
    }

    private static int RemoveDay(string path)
    {
        var count = Directory.EnumerateFiles(path).Count();
        Directory.Delete(path, recursive: true);
        return count;
    }

    /// <summary>The oldest go first: by day, and within one by when they were written.</summary>
    /// <returns>Bytes that are left.</returns>
    private long Free(List<(string Path, long Bytes)> days, long total)
    {
        var goal = (long)(_maxBytes * (1 - FreedShare));
        var count = 0;
        foreach (var file in days.SelectMany(day => new DirectoryInfo(day.Path).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc)))
        {
            if (total <= goal)
                break;
            total -= file.Length;
            file.Delete();
            count++;
        }

        _meter.Removed(count, "room");
        LogFreed(count, _maxBytes >> 20);
        return total;
    }

    [LoggerMessage(1, LogLevel.Error, "A picture of an event was not kept")]
    private partial void LogNotKept(Exception fault);

    [LoggerMessage(2, LogLevel.Error, "Old pictures of events could not be removed; it is tried again")]
    private partial void LogNotSwept(Exception fault);

    [LoggerMessage(3, LogLevel.Warning, "The {Count} oldest pictures of events were removed to keep within {MiB} MiB (Devices:MaxPicturesMiB)")]
    private partial void LogFreed(int count, long mib);
}
