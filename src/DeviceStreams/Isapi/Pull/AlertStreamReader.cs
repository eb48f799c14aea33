using System.Net.Sockets;
using MediaScore.DeviceStreams.Isapi.Events;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Pull;

/// <summary>
/// Reads one event stream to its end: events out, each with the pictures that came behind it. Any whole part is a sign of life; without one for
/// <see cref="IsapiOptions.SilenceLimitS"/> the stream is dead, whatever TCP thinks.
/// </summary>
internal sealed class AlertStreamReader
{
    // Its pictures follow within the same second, or never.
    private static readonly TimeSpan PictureWait = TimeSpan.FromSeconds(1);

    // Somebody waits at a door.
    private static readonly TimeSpan QuestionPictureWait = TimeSpan.FromMilliseconds(300);

    // One is kept with its event; some send the whole scene as well.
    private const int MostPictures = 2;

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly TimeSpan _silenceLimit;
    private readonly IsapiCounts _counts;
    private readonly MultipartParser _parser;
    private readonly Action _heard;
    private readonly Func<IsapiEvent, IReadOnlyList<byte[]>, CancellationToken, ValueTask> _accept;
    private DateTimeOffset _lastPartAt;
    private Pending? _pending;
    private bool? _isDocument;
    private bool _hasSpoken;
    private bool _endedWell;

    /// <param name="heard">At every sign of life.</param>
    /// <param name="accept">One event after another; the stream is not read on before it has ended.</param>
    public AlertStreamReader(
        Stream stream, string contentType, IsapiOptions options, TimeProvider time, IsapiCounts counts, Action heard, Func<IsapiEvent, IReadOnlyList<byte[]>, CancellationToken, ValueTask> accept)
    {
        (_stream, _time, _silenceLimit, _counts, _heard, _accept) = (stream, time, TimeSpan.FromSeconds(options.SilenceLimitS), counts, heard, accept);
        _parser = new MultipartParser(HeaderWords.Parameter(contentType, "boundary"));
    }

    /// <summary>A document that says nothing, and no stream: some firmware has this instead of a refusal.</summary>
    public bool IsEmptyDocument => _isDocument == true && !_hasSpoken && _endedWell;

    /// <summary>Until the device ends it, falls silent, or sends what cannot be read.</summary>
    /// <returns>Why it ended, for an operator.</returns>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var chunk = new byte[32 << 10];
        Task<int>? reading = null;
        _lastPartAt = _time.GetUtcNow();
        try
        {
            while (true)
            {
                reading ??= _stream.ReadAsync(chunk, cancellationToken).AsTask();
                var silentAt = _lastPartAt + _silenceLimit;
                var wakeAt = _pending is { } held && held.DueAt < silentAt ? held.DueAt : silentAt;
                if (!await EndsByAsync(reading, wakeAt, cancellationToken))
                {
                    if (_pending is { } due && _time.GetUtcNow() >= due.DueAt)
                        await ReleaseAsync(cancellationToken);
                    else if (_time.GetUtcNow() >= silentAt)
                        return $"nothing came for {_silenceLimit.TotalSeconds:0.#} s, not even a heartbeat";
                    continue;
                }

                var (count, fault) = await OutcomeOfAsync(reading);
                reading = null;
                if (count == 0)
                    _parser.Complete();
                else
                    Append(chunk.AsSpan(0, count));
                await DrainAsync(cancellationToken);
                if (count == 0)
                {
                    _endedWell = fault is null;
                    return fault ?? "the device ended it";
                }

                if (_parser.Fault is { } nonsense)
                    return nonsense;
            }
        }
        finally
        {
            if (reading is not null)
            {
                // Not read any more: what is under way ends with the connection.
                await _stream.DisposeAsync();
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            // What has come is an event, with or without its picture, whatever ends this.
            await ReleaseAsync(CancellationToken.None);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_isDocument is null && DeviceText.SkipBlank(bytes) is [var first, ..])
            _isDocument = first == '<';
        _parser.Append(bytes);
    }

    private async Task<bool> EndsByAsync(Task reading, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (reading.IsCompleted)
            return true;
        var wait = at - _time.GetUtcNow();
        if (wait <= TimeSpan.Zero)
            return false;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(reading, Task.Delay(wait, _time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == reading;
    }

    private static async Task<(int Count, string? Fault)> OutcomeOfAsync(Task<int> reading)
    {
        try
        {
            return (await reading, null);
        }
        catch (Exception e) when (e is IOException or SocketException or HttpRequestException)
        {
            return (0, e.GetBaseException().Message);
        }
    }

    private async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        while (_parser.TryRead() is { } part)
        {
            _lastPartAt = _time.GetUtcNow();
            _heard();
            if (part.IsCut)
                _counts.CountCutPart();
            if (part.Kind == PartKind.Binary)
                await TakePictureAsync(part, cancellationToken);
            else
                await TakeTextAsync(part, cancellationToken);
        }

        // It did not say whether a picture follows, and none has begun.
        if (_pending is { IsCountKnown: false } && !_parser.IsWithinPart)
            await ReleaseAsync(cancellationToken);
    }

    private async ValueTask TakePictureAsync(MultipartPart part, CancellationToken cancellationToken)
    {
        if (_pending is not { } held || part.IsCut || !part.IsJpeg)
            return;
        _counts.CountPicture();
        if (held.Pictures.Count < MostPictures)
            held.Pictures.Add(part.Body);
        if (--held.ExpectedCount <= 0)
            await ReleaseAsync(cancellationToken);
    }

    private async ValueTask TakeTextAsync(MultipartPart part, CancellationToken cancellationToken)
    {
        // Whatever pictures were promised, they are not there any more.
        await ReleaseAsync(cancellationToken);
        if (part.IsCut)
            return;
        var message = EventReader.Read(part.Body);
        _hasSpoken |= message.HasHeartbeat || message.Events.Count > 0;
        if (message.HasHeartbeat)
            _counts.CountHeartbeat();
        if (message.SkippedCount > 0 || (message.Events.Count == 0 && !message.HasHeartbeat))
            _counts.CountUnreadable();
        for (var i = 0; i < message.Events.Count; i++)
        {
            var happened = message.Events[i];
            if (i < message.Events.Count - 1 || happened.PictureCount == 0)
                await _accept(happened, [], cancellationToken);
            else
                _pending = new Pending(happened, _time.GetUtcNow() + (happened.IsQuestion ? QuestionPictureWait : PictureWait));
        }
    }

    private async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_pending is not { } held)
            return;
        _pending = null;
        await _accept(held.Event, held.Pictures, cancellationToken);
    }

    private sealed class Pending(IsapiEvent happened, DateTimeOffset dueAt)
    {
        public IsapiEvent Event => happened;

        public DateTimeOffset DueAt => dueAt;

        public bool IsCountKnown => happened.PictureCount is not null;

        public int ExpectedCount { get; set; } = happened.PictureCount ?? 1;

        public List<byte[]> Pictures { get; } = [];
    }
}
