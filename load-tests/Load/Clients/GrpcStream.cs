using Grpc.Core;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.Load.Clients;

/// <summary>One <c>StreamMedia</c> call: what comes back is put into the ledger. One use.</summary>
internal sealed class GrpcStream : IAsyncDisposable
{
    private readonly ClientWorld _world;
    private readonly InterviewLedger _ledger;
    private readonly CancellationTokenSource _drop = new();
    private readonly AsyncDuplexStreamingCall<OutgoingMessage, ServerMessage> _call;
    private readonly TaskCompletionSource<bool> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;

    public GrpcStream(ClientWorld world, InterviewLedger ledger, int number)
    {
        (_world, _ledger) = (world, ledger);
        _call = world.StreamsOf(number).AsyncDuplexStreamingCall(OutgoingMessage.StreamMedia, host: null, new CallOptions(cancellationToken: _drop.Token));
    }

    /// <summary>The task that writes; <see cref="DisposeAsync"/> waits for it.</summary>
    public Task Sending { get; set; } = Task.CompletedTask;

    public bool IsOver => _reading.IsCompleted || _drop.IsCancellationRequested;

    /// <summary>True with the report, false where the stream ended without.</summary>
    public Task<bool> ReportReady => _report.Task;

    /// <summary>Something that was sent on this stream is on disk.</summary>
    public Task Acknowledged => _acknowledged.Task;

    /// <summary>The status it broke with; null while all is well, and after a drop.</summary>
    public string? Fault { get; private set; }

    /// <exception cref="RpcException">The server would not.</exception>
    public async Task<Ready> OpenAsync(Start start, CancellationToken cancellation)
    {
        await WriteAsync(new OutgoingMessage { Other = new ClientMessage { Start = start } });
        if (!await _call.ResponseStream.MoveNext(cancellation) || _call.ResponseStream.Current.Ready is not { } ready)
            throw new RpcException(new Status(StatusCode.Internal, "The first answer is not Ready."));
        _reading = ReadAsync();
        return ready;
    }

    public Task WriteAsync(OutgoingMessage message) => _call.RequestStream.WriteAsync(message);

    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <summary>Completes when nothing more comes back.</summary>
    public async Task ReadToEndAsync()
    {
        await _reading;
        _report.TrySetResult(false);
        _acknowledged.TrySetCanceled(CancellationToken.None);
    }

    /// <summary>Vanishes, and waits until nothing of it runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _drop.CancelAsync();
        await ReadToEndAsync();
        await Sending;
        _call.Dispose();
        _drop.Dispose();
    }

    private async Task ReadAsync()
    {
        var began = false;
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
                var now = _world.Time.GetTimestamp();
                var message = _call.ResponseStream.Current;
                switch (message.MessageCase)
                {
                    case ServerMessage.MessageOneofCase.Acknowledgement:
                        foreach (var position in message.Acknowledgement.Durable)
                        {
                            if (position.Track is Track.Audio)
                                _ledger.Durable((long)position.NextSequence, now);
                        }

                        // The first one may speak of what an earlier stream sent.
                        if (began)
                            _acknowledged.TrySetResult();
                        began = true;
                        break;
                    case ServerMessage.MessageOneofCase.Caption:
                        _ledger.Caption(TimeSpan.FromMicroseconds(message.Caption.StartUs), TimeSpan.FromMicroseconds(message.Caption.EndUs), now);
                        break;
                    case ServerMessage.MessageOneofCase.ReportReady:
                        _report.TrySetResult(true);
                        break;
                }
            }

            if (!_report.Task.IsCompleted)
                Fault = "StreamMedia: the server ended it";
        }
        catch (RpcException e)
        {
            if (!_drop.IsCancellationRequested)
                Fault = $"StreamMedia: {e.StatusCode} {e.Status.Detail}";
        }
        catch (OperationCanceledException)
        {
            // Dropped.
        }
    }
}
