using MediaScore.Storage.People;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Gallery;

/// <summary>Keeps a running server's gallery up with what other processes change in the same database, such as <c>mediascore people</c> beside it.</summary>
public sealed partial class GalleryWatch : IAsyncDisposable
{
    private readonly FaceGallery _gallery;
    private readonly PersonStore _people;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private int _disposed;

    public GalleryWatch(FaceGallery gallery, PersonStore people, GalleryOptions options, TimeProvider time, ILogger<GalleryWatch> logger)
    {
        (_gallery, _people, _logger) = (gallery, people, logger);
        _timer = new PeriodicTimer(TimeSpan.FromSeconds(options.RefreshSeconds), time);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>A look has ended, well or not.</summary>
    internal event Action? Looked;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync();
        await _loop;
        _timer.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token))
            {
                await LookAsync();
                Looked?.Invoke();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            await _gallery.CatchUpAsync(_stop.Token);
            if (_people.LogHoldsErased)
                await _people.EmptyLogAsync(_stop.Token);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A disk that is full or a file that is locked: what is in memory stays, and the next look tries again.
            LogFailed(_logger, fault);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The gallery could not be compared with the database; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception fault);
}
