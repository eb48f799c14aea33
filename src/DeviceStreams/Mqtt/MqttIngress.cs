using MediaScore.DeviceStreams.Mqtt.Broker;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>Badges and sensors over MQTT: this server at the site's broker, a broker of its own, both, or neither. Dispose it before the journal.</summary>
public sealed class MqttIngress : IAsyncDisposable
{
    private readonly MqttMeter _meter;
    private readonly MqttCommands _commands;

    /// <exception cref="Exception">A certificate that the settings name cannot be read; the message says what is wrong with it.</exception>
    public MqttIngress(MqttServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var logger = services.Loggers.CreateLogger("MediaScore.DeviceStreams.Mqtt");
        _meter = new MqttMeter(this);
        _commands = new MqttCommands(services, _meter, logger);
        var intake = new MqttIntake(services, _commands, _meter, new DropLog(logger, services.Time));
        if (services.Options.Server.Length > 0)
            Link = new MqttLink(services, intake, _meter, logger);
        if (services.Broker.Enabled)
            Broker = new EmbeddedBroker(services, intake, _meter, logger);
    }

    /// <summary>Whether the site's broker is connected; null where there is none.</summary>
    public bool? IsConnected => Link?.IsConnected;

    /// <summary>The port of our own broker; null where there is none.</summary>
    public int? BrokerPort => Broker?.Port;

    internal MqttLink? Link { get; }

    internal EmbeddedBroker? Broker { get; }

    /// <summary>Listens, and begins to reach for the site's broker; it need not be there.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The broker's port is taken, or is not this machine's.</exception>
    public async Task StartAsync()
    {
        if (Broker is not null)
            await Broker.StartAsync();
        Link?.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (Link is not null)
            await Link.DisposeAsync();
        if (Broker is not null)
            await Broker.DisposeAsync();
        await _commands.DisposeAsync();
        _meter.Dispose();
    }
}
