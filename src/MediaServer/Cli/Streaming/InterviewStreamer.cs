using Google.Protobuf;
using Grpc.Core;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>
/// Sends one interview over as many connections as it takes. What is not acknowledged is kept; after a broken stream the next one continues each track at
/// the number that the server's <c>Ready</c> names. One use; not thread-safe.
/// </summary>
internal sealed class InterviewStreamer(InterviewService.InterviewServiceClient client, string interviewId, string accessToken, StreamObserver observer, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // The server ends an interview by itself after this long without a connection.
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(10);

    private readonly KeptMessages _kept = new();
    private readonly SemaphoreSlim _acknowledged = new(0, 1);
    private readonly Dictionary<Track, ulong> _nextSequence = [];
    private IAsyncEnumerator<FeedItem>? _items;
    private Task<bool>? _nextItem;
    private bool _connected;
    private bool _endSent;
    private long _pacingStart;

    /// <returns>The server's word that the report can be read.</returns>
    /// <exception cref="CliException">The server refused, or cannot be reached for ten minutes.</exception>
    public async Task<ReportReady> SendAsync(MediaFeed feed, bool realtime, CancellationToken cancellation)
    {
        await using var items = feed.ReadAsync(cancellation).GetAsyncEnumerator(cancellation);
        _items = items;
        _pacingStart = time.GetTimestamp();
        var delay = FirstDelay;
        var lostSince = time.GetTimestamp();
        while (true)
        {
            string reason;
            try
            {
                if (await ConnectAsync(feed, realtime, cancellation) is { } report)
                    return report;
                reason = "the server closed the stream";
            }
            catch (RpcException e) when (IsTransient(e.StatusCode) && !cancellation.IsCancellationRequested)
            {
                reason = $"{e.StatusCode}: {e.Status.Detail}";
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.FailedPrecondition && _endSent)
            {
                return await WaitForReportAsync(cancellation);
            }
            catch (RpcException e) when (!cancellation.IsCancellationRequested)
            {
                throw new CliException(ExitCode.ServerRefused, $"The server closed the stream: {e.StatusCode}: {e.Status.Detail}", e);
            }

            if (_connected)
                (delay, lostSince) = (FirstDelay, time.GetTimestamp());
            if (time.GetElapsedTime(lostSince) > GiveUpAfter)
                throw new CliException(ExitCode.ServerRefused, $"No connection for {GiveUpAfter.TotalMinutes:0} minutes ({reason}). Interview {interviewId} ends on the server with what it has.");
            observer.Reconnecting(reason, delay);
            await Task.Delay(delay, time, cancellation);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
        }
    }

    public void Dispose() => _acknowledged.Dispose();

    private async Task<ReportReady?> ConnectAsync(MediaFeed feed, bool realtime, CancellationToken cancellation)
    {
        _connected = false;
        using var call = client.StreamMedia(cancellationToken: cancellation);
        var start = new Start { InterviewId = interviewId, AccessToken = accessToken };
        start.Tracks.AddRange(feed.Tracks);
        await WriteAsync(call.RequestStream, new ClientMessage { Start = start });
        if (!await call.ResponseStream.MoveNext(cancellation))
            return null;
        var ready = call.ResponseStream.Current.Ready
            ?? throw new CliException(ExitCode.ServerRefused, $"The server's first message is {call.ResponseStream.Current.MessageCase}, not Ready: it speaks another protocol.");
        _connected = true;
        observer.Connected(ready);
        _kept.Acknowledge(ready.ResumeAt);
        if (ready.Resumed)
            observer.Resumed(TimeSpan.FromMicroseconds(ready.DurableUs));

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = ReadAsync(call.ResponseStream, ended.Token);
        var writing = WriteAllAsync(call.RequestStream, feed, realtime, ended.Token);
        if (await Task.WhenAny(reading, writing) == writing && !writing.IsCompletedSuccessfully)
        {
            // A write fails with little to say; the status with the reason arrives on the reading side.
            await reading;
            await writing;
        }

        try
        {
            return await reading;
        }
        finally
        {
            await ended.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<ReportReady?> ReadAsync(IAsyncStreamReader<ServerMessage> responses, CancellationToken cancellation)
    {
        while (await responses.MoveNext(cancellation))
        {
            var message = responses.Current;
            if (message.Acknowledgement is { } acknowledgement)
            {
                _kept.Acknowledge(acknowledgement.Durable);
                if (_acknowledged.CurrentCount == 0)
                    _acknowledged.Release();
            }

            observer.Heard(message);
            if (message.ReportReady is { } ready)
                return ready;
        }

        return null;
    }

    private async Task WriteAllAsync(IClientStreamWriter<ClientMessage> requests, MediaFeed feed, bool realtime, CancellationToken cancellation)
    {
        foreach (var (message, _) in _kept.Unacknowledged())
        {
            cancellation.ThrowIfCancellationRequested();
            await WriteAsync(requests, message);
        }

        while (!_endSent)
        {
            // The file's next item outlives a connection: what was asked for before the break is still to come.
            _nextItem ??= _items!.MoveNextAsync().AsTask();
            var item = await _nextItem.WaitAsync(cancellation)
                ? _items!.Current
                : null;
            var itemTime = item?.Time ?? feed.End;
            if (realtime)
                await PaceAsync(itemTime, cancellation);
            while (!_kept.HasRoom)
                await _acknowledged.WaitAsync(cancellation);
            var message = item is null ? EndMessage(feed.End) : Message(item);
            _nextItem = null;
            _endSent = item is null;
            await WriteAsync(requests, message);
            observer.Sent(itemTime);
        }

        await requests.CompleteAsync();
    }

    private Task PaceAsync(TimeSpan itemTime, CancellationToken cancellation)
    {
        var wait = itemTime - time.GetElapsedTime(_pacingStart);
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellation) : Task.CompletedTask;
    }

    private ClientMessage Message(FeedItem item)
    {
        var sequence = Next(item.Track);
        var message = new ClientMessage();
        if (item.Answer is not { } answer)
        {
            message.Packet = new MediaPacket
            {
                Track = item.Track,
                Sequence = sequence,
                MediaTimeUs = item.TimeUs,
                KeyFrame = item.KeyFrame,
                Payload = UnsafeByteOperations.UnsafeWrap(item.Payload),
            };
        }
        else if (answer.Text is { } text)
        {
            message.WrittenAnswer = new WrittenAnswer
            {
                Sequence = sequence,
                MediaTimeUs = item.TimeUs,
                StageId = answer.StageId,
                QuestionId = answer.QuestionId,
                Attempt = answer.Attempt,
                Text = text,
            };
        }
        else
        {
            message.Stage = new StageMarker
            {
                Sequence = sequence,
                MediaTimeUs = item.TimeUs,
                StageId = answer.StageId,
                QuestionId = answer.QuestionId,
                Attempt = answer.Attempt,
                Kind = item.Marker,
            };
        }

        _kept.Add(message, item.Track, sequence, item.TimeUs);
        return message;
    }

    private ClientMessage EndMessage(TimeSpan end)
    {
        var sequence = Next(Track.Control);
        var message = new ClientMessage { End = new End { Sequence = sequence, MediaTimeUs = (long)end.TotalMicroseconds } };
        _kept.Add(message, Track.Control, sequence, (long)end.TotalMicroseconds);
        return message;
    }

    private ulong Next(Track track)
    {
        var sequence = _nextSequence.GetValueOrDefault(track);
        _nextSequence[track] = sequence + 1;
        return sequence;
    }

    private static async Task WriteAsync(IClientStreamWriter<ClientMessage> requests, ClientMessage message)
    {
        try
        {
            await requests.WriteAsync(message);
        }
        catch (InvalidOperationException e)
        {
            // "Can't write the message because the call is complete": the status tells why, and it is read elsewhere.
            throw new RpcException(new Status(StatusCode.Unavailable, e.Message), e.Message);
        }
    }

    /// <summary>The stream is gone for good, but the interview had ended: its report is asked for until it is there.</summary>
    private async Task<ReportReady> WaitForReportAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var interview = await client.GetInterviewAsync(new GetInterviewRequest { InterviewId = interviewId, AccessToken = accessToken }, cancellationToken: cancellation);
            switch (interview.State)
            {
                case InterviewState.ReportReady:
                    return new ReportReady { InterviewId = interviewId, Path = $"/interviews/{interviewId}/report" };
                case InterviewState.Failed:
                    throw new CliException(ExitCode.ServerRefused, $"Interview {interviewId} failed on the server; its log says why.");
                default:
                    await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellation);
                    break;
            }
        }
    }

    // The machine or the way to it: gone, restarting, or silent for too long. Everything else is an answer.
    private static bool IsTransient(StatusCode status) =>
        status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Cancelled or StatusCode.Unknown;
}
