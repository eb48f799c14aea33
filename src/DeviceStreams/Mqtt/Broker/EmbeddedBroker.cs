using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;
using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Mqtt.Broker;

/// <summary>
/// A broker for sites that have none, and for devices only: each connects with its own key, publishes to its own topics and hears its own commands; there is nothing else to listen to.
/// What a device publishes goes straight into the journal, and is acknowledged when it is on the disk: a broker that ends has nothing in it that could be lost.
/// </summary>
internal sealed partial class EmbeddedBroker : IMqttPublisher, IAsyncDisposable
{
    // Sender of what this server publishes; a device's name has a slash.
    private const string Myself = "server";

    // Commands of one device; what is above is told again.
    private const int PendingMessages = 64;

    private readonly MqttServices _services;
    private readonly MqttIntake _intake;
    private readonly MqttMeter _meter;
    private readonly ILogger _logger;
    private readonly X509Certificate2? _certificate;
    private readonly BrokerListener _listener;
    private readonly MqttServer _server;
    private readonly ConcurrentDictionary<string, BrokerSeat> _seats = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <exception cref="Exception">The certificate cannot be read.</exception>
    public EmbeddedBroker(MqttServices services, MqttIntake intake, MqttMeter meter, ILogger logger)
    {
        (_services, _intake, _meter, _logger) = (services, intake, meter, logger);
        var options = services.Broker;
        _certificate = options.CertificateFile.Length > 0 ? CertificateFiles.Load(options.CertificateFile, options.CertificateKeyFile) : null;
        _listener = new BrokerListener(options, _certificate, meter);
        var serverOptions = new MqttServerOptionsBuilder()
            .WithoutDefaultEndpoint()
            .WithDefaultCommunicationTimeout(TimeSpan.FromSeconds(options.ConnectLimitS))
            // Commands that come while a device is away for a moment; they have an end of their own.
            .WithPersistentSessions()
            .WithMaxPendingMessagesPerClient(PendingMessages)
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage)
            .Build();
        var nothing = new MqttNetNullLogger();
        _server = new MqttServerFactory(nothing).CreateMqttServer(serverOptions, [_listener], nothing);
        _server.ValidatingConnectionAsync += AdmitAsync;
        _server.InterceptingPublishAsync += TakeAsync;
        _server.InterceptingSubscriptionAsync += JudgeAsync;
        _server.ClientDisconnectedAsync += ForgetAsync;
        meter.ObserveBroker(() => _listener.ConnectionCount);
    }

    public int Port => _listener.Port;

    /// <exception cref="System.Net.Sockets.SocketException">The port is taken, or is not this machine's.</exception>
    public async Task StartAsync()
    {
        _services.Registry.Changed += OnChanged;
        await _server.StartAsync();
        LogListening(_services.Broker.Address, Port, _certificate is not null);
    }

    public async Task<bool> PublishAsync(string topic, ReadOnlyMemory<byte> payload, TimeSpan expiresIn, CancellationToken cancellationToken)
    {
        if (!_server.IsStarted)
            return false;
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(topic).WithPayload(payload.ToArray()).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithMessageExpiryInterval((uint)Math.Max(1, Math.Ceiling(expiresIn.TotalSeconds)))
            .Build();
        await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = Myself }, cancellationToken);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _services.Registry.Changed -= OnChanged;
        await _stopping.CancelAsync();
        await _server.StopAsync(new MqttServerStopOptions());
        _server.Dispose();
        _certificate?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Who connects: user name and client id are <c>{tenant}/{serial}</c>, the password is the device's key.</summary>
    private async Task AdmitAsync(ValidatingConnectionEventArgs connecting)
    {
        (connecting.ReasonCode, connecting.ReasonString) = (MqttConnectReasonCode.NotAuthorized, "");
        try
        {
            if (!MqttTopic.TryParseClient(connecting.UserName, out var tenant, out var serial) || connecting.RawPassword.Length is < DeviceCredentials.MinKeyLength or > DeviceCredentials.MaxKeyLength)
            {
                Refuse(connecting, MqttConnectReasonCode.BadUserNameOrPassword, $"the user name is tenant/serial, the password the device's key of {DeviceCredentials.MinKeyLength} to {DeviceCredentials.MaxKeyLength} characters");
                return;
            }

            // Another's name would end that one's connection.
            if (connecting.ClientId != connecting.UserName)
            {
                Refuse(connecting, MqttConnectReasonCode.ClientIdentifierNotValid, "the client id is the user name");
                return;
            }

            var introduction = new DeviceIntroduction(tenant, DeviceProtocol.Mqtt, serial, (connecting.RemoteEndPoint as IPEndPoint)?.Address)
            {
                CredentialSha256 = DeviceCredentials.OfKey(connecting.Password),
            };
            var admission = await _services.Registry.AdmitAsync(introduction, _stopping.Token);
            if (!admission.IsApproved || admission.Device is not { } device)
            {
                // 3.1.1 knows three of these reasons.
                var code = admission.Verdict switch
                {
                    AdmissionVerdict.WrongCredential => MqttConnectReasonCode.BadUserNameOrPassword,
                    AdmissionVerdict.TooManyPending => MqttConnectReasonCode.ServerUnavailable,
                    _ => MqttConnectReasonCode.NotAuthorized,
                };
                Refuse(connecting, code, admission.Reason);
                return;
            }

            var options = _services.Broker;
            _seats[connecting.ClientId] = new BrokerSeat(device, connecting.RemoteEndPoint, new TokenBucket(options.MessagesPerSecond, options.MessageBurst, _services.Time));
            (connecting.ReasonCode, connecting.ReasonString) = (MqttConnectReasonCode.Success, null);
            _meter.Connection("device");
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The database's: the device tries again.
            LogNotAdmitted(fault);
            Refuse(connecting, MqttConnectReasonCode.ServerUnavailable, "try again in a minute");
        }
    }

    private void Refuse(ValidatingConnectionEventArgs connecting, MqttConnectReasonCode code, string reason)
    {
        (connecting.ReasonCode, connecting.ReasonString) = (code, reason);
        _meter.Connection("turned-away");
    }

    /// <summary>A device publishes. What this throws, or <c>CloseConnection</c>, ends its connection without an acknowledgement, and it sends again.</summary>
    private async Task TakeAsync(InterceptingPublishEventArgs publishing)
    {
        if (publishing.ClientId == Myself)
            return;
        // Nobody else listens, and nothing is retained: what the broker itself would do with it is over.
        publishing.ProcessPublish = false;
        var message = publishing.ApplicationMessage;
        if (!_seats.TryGetValue(publishing.ClientId, out var seat) || seat.Device.Row.State != DeviceState.Approved)
        {
            publishing.CloseConnection = true;
            return;
        }

        var wait = seat.Budget.Reserve();
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, _services.Time, _stopping.Token);
        var report = MqttReader.Read(message.Topic, message.Payload, _services.Broker.MaxPayloadBytes);
        if (report is { Drop: MqttDrop.None, From: { } from } && (from.Tenant != seat.Device.Tenant || from.Serial != seat.Device.Row.Serial))
            report = report with { Drop = MqttDrop.WrongTopic, Fault = "it is another device's" };
        try
        {
            // Let in, and since then turned away, from another network perhaps: it keeps what it has, and hears why when it comes back.
            if (!await _intake.TakeAsync([new MqttArrival(report, _services.Time.GetUtcNow(), seat.Device, seat.From)], this, _stopping.Token))
            {
                publishing.CloseConnection = true;
                return;
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            publishing.CloseConnection = true;
            if (!_stopping.IsCancellationRequested)
                LogNotStored(seat.Device.Id, fault);
            return;
        }

        // 3.1.1 has no reasons: there it is acknowledged, or it would come again for ever.
        (publishing.Response.ReasonCode, publishing.Response.ReasonString) = report.Drop switch
        {
            MqttDrop.None or MqttDrop.Empty => (MqttPubAckReasonCode.Success, null),
            MqttDrop.WrongTopic => (MqttPubAckReasonCode.NotAuthorized, report.Fault),
            MqttDrop.TooLarge => (MqttPubAckReasonCode.QuotaExceeded, report.Fault),
            _ => (MqttPubAckReasonCode.PayloadFormatInvalid, report.Fault),
        };
    }

    /// <summary>A device hears its own commands, and whether this server is there.</summary>
    private Task JudgeAsync(InterceptingSubscriptionEventArgs subscribing)
    {
        var topic = subscribing.TopicFilter.Topic;
        if (_seats.TryGetValue(subscribing.ClientId, out var seat)
            && (topic == MqttTopic.Command(seat.Device.Tenant, seat.Device.Row.Serial) || topic == MqttTopic.Server(seat.Device.Tenant)))
            return Task.CompletedTask;
        subscribing.ProcessSubscription = false;
        subscribing.Response.ReasonCode = MqttSubscribeReasonCode.NotAuthorized;
        return Task.CompletedTask;
    }

    private Task ForgetAsync(ClientDisconnectedEventArgs disconnected)
    {
        // It may have come back by another connection, which has the seat now.
        if (_seats.TryGetValue(disconnected.ClientId, out var seat) && Equals(seat.At, disconnected.RemoteEndPoint) && _seats.TryRemove(new KeyValuePair<string, BrokerSeat>(disconnected.ClientId, seat)))
            _intake.Gone(seat.Device);
        return Task.CompletedTask;
    }

    /// <summary>A person said no to a device that is connected.</summary>
    private void OnChanged(Device device)
    {
        if (device.Row is not { Protocol: DeviceProtocol.Mqtt, State: not DeviceState.Approved })
            return;
        var name = $"{device.Tenant}/{device.Row.Serial}";
        if (_seats.TryRemove(name, out _))
            _ = DisconnectAsync(name);
    }

    private async Task DisconnectAsync(string name)
    {
        try
        {
            await _server.DisconnectClientAsync(name, new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.NotAuthorized });
        }
        catch (InvalidOperationException)
        {
            // It went by itself; and whatever it would publish has no seat.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The MQTT broker listens on {Address}:{Port} (TLS: {IsSecure})")]
    private partial void LogListening(string address, int port, bool isSecure);

    [LoggerMessage(2, LogLevel.Error, "A device could not be admitted to the MQTT broker; it tries again")]
    private partial void LogNotAdmitted(Exception fault);

    [LoggerMessage(3, LogLevel.Error, "A message of device {DeviceId} could not be stored; its connection is closed, and it sends again")]
    private partial void LogNotStored(string deviceId, Exception fault);
}
