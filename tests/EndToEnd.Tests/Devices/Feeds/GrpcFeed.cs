using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;
using Method = MediaScore.Protocol.Device.V1.Method;

namespace MediaScore.EndToEnd.Tests.Devices.Feeds;

/// <summary>A face terminal that decides by itself and hands over its log: from where the server says, until the server has acknowledged all of it.</summary>
internal sealed class GrpcFeed(Uri server, string serial) : DeviceFeed(serial)
{
    private const int BatchSize = 20;

    private static readonly DateTimeOffset Begin = new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero);

    private long _happened;
    private ulong _acknowledged;
    private long _lostAcknowledged;

    public override long HappenedCount => Interlocked.Read(ref _happened);

    public override long LostAcknowledgedCount => Interlocked.Read(ref _lostAcknowledged);

    public override bool IsOurs(DeviceEventRow row) => row.DeduplicationKey.StartsWith("log/", StringComparison.Ordinal);

    public override async Task RunAsync(Task over, CancellationToken cancellation)
    {
        var happening = HappenAsync(over, cancellation);
        using var channel = GrpcChannel.ForAddress(server);
        var client = new DeviceService.DeviceServiceClient(channel);
        while (!(happening.IsCompleted && _acknowledged == (ulong)HappenedCount))
        {
            try
            {
                await LiveAsync(client, happening, cancellation);
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException or IOException && !cancellation.IsCancellationRequested)
            {
                // The server has gone; it comes back.
                await Task.Delay(BackOff, TimeProvider.System, cancellation);
            }
        }

        await happening;
    }

    private async Task HappenAsync(Task over, CancellationToken cancellation)
    {
        while (!over.IsCompleted)
        {
            Interlocked.Increment(ref _happened);
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    private async Task LiveAsync(DeviceService.DeviceServiceClient client, Task happening, CancellationToken cancellation)
    {
        using var call = client.Connect(cancellationToken: cancellation);
        await call.RequestStream.WriteAsync(new DeviceMessage { Hello = new Hello { Serial = Serial, Key = "key-of-the-log-terminal", Model = "simulated" } }, cancellation);
        var stored = (await UntilAsync(call, ServerMessage.MessageOneofCase.Welcome, cancellation)).Welcome.StoredRecordId;
        if (stored < _acknowledged)
            Interlocked.Add(ref _lostAcknowledged, (long)(_acknowledged - stored));
        _acknowledged = stored;
        while (true)
        {
            var last = Math.Min((ulong)HappenedCount, _acknowledged + BatchSize);
            if (last > _acknowledged)
            {
                var log = new LogRecords();
                for (var id = _acknowledged + 1; id <= last; id++)
                    log.Records.Add(new LogRecord { RecordId = id, At = Timestamp.FromDateTimeOffset(Begin.AddSeconds(id)), PersonNumber = "1001", Outcome = Outcome.Granted, Method = Method.Face });
                await call.RequestStream.WriteAsync(new DeviceMessage { Log = log }, cancellation);
                _acknowledged = (await UntilAsync(call, ServerMessage.MessageOneofCase.LogAcknowledgement, cancellation)).LogAcknowledgement.StoredRecordId;
            }
            else if (happening.IsCompleted)
            {
                await call.RequestStream.CompleteAsync();
                return;
            }
            else
            {
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    private static async Task<ServerMessage> UntilAsync(AsyncDuplexStreamingCall<DeviceMessage, ServerMessage> call, ServerMessage.MessageOneofCase kind, CancellationToken cancellation)
    {
        while (await call.ResponseStream.MoveNext(cancellation))
        {
            if (call.ResponseStream.Current.MessageCase == kind)
                return call.ResponseStream.Current;
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The stream ended without {kind}."));
    }
}
