using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Channel;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;

namespace MediaScore.DeviceStreams.Mqtt.Wire;

/// <summary>Connections of the library's client and broker, each with its <see cref="PacketGuard"/>.</summary>
internal sealed class GuardedAdapterFactory(PacketGuard guard) : IMqttClientAdapterFactory
{
    public IMqttChannelAdapter CreateClientAdapter(MqttClientOptions options, MqttPacketInspector? packetInspector, IMqttNetLogger logger)
    {
        var adapter = Create(new MqttTcpChannel(options), guard, new MqttPacketFormatterAdapter(options.ProtocolVersion, new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax)), logger);
        adapter.AllowPacketFragmentation = options.AllowPacketFragmentation;
        adapter.PacketInspector = packetInspector;
        return adapter;
    }

    /// <summary>The caller disposes it, and the channel with it.</summary>
    public static MqttChannelAdapter Create(IMqttChannel channel, PacketGuard guard, MqttPacketFormatterAdapter formatter, IMqttNetLogger logger) =>
        new(new GuardedChannel(channel, guard), formatter, logger);
}
