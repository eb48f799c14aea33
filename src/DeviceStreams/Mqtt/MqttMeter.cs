using System.Diagnostics.Metrics;

namespace MediaScore.DeviceStreams.Mqtt;

/// <summary>What MQTT measures (meter <c>MediaScore.DeviceStreams</c>).</summary>
internal sealed class MqttMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _cut;
    private readonly Counter<long> _commands;
    private readonly Histogram<double> _storeTime;

    /// <param name="owner">Whose instruments these are, among others of the same name.</param>
    public MqttMeter(object owner)
    {
        _meter = DeviceMeter.Of(owner);
        _messages = _meter.CreateCounter<long>("mediascore.device.mqtt.messages", "{message}", "Messages from devices, by kind and by what became of them.");
        _connections = _meter.CreateCounter<long>("mediascore.device.mqtt.connections", "{connection}", "Connections to the site's broker, and of devices to our own, by how they went.");
        _cut = _meter.CreateCounter<long>("mediascore.device.mqtt.packets.cut", "{packet}", "Messages that were cut while they were read, since they were too long.");
        _commands = _meter.CreateCounter<long>("mediascore.device.mqtt.commands", "{command}", "Commands published to devices, by whether a broker took them.");
        _storeTime = _meter.CreateHistogram<double>(
            "mediascore.device.mqtt.store.time", "s", "From a message's arrival until it was on the disk.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60] });
    }

    /// <param name="connected">1 while there is a connection to the site's broker.</param>
    /// <param name="retained">Retained messages that wait.</param>
    public void ObserveLink(Func<int> connected, Func<int> retained)
    {
        _meter.CreateObservableGauge("mediascore.device.mqtt.connected", connected, "1", "1 while the site's broker is connected.");
        _meter.CreateObservableGauge("mediascore.device.mqtt.retained.waiting", retained, "{message}", "Retained messages that wait to be stored.");
    }

    public void ObserveBroker(Func<int> connections) =>
        _meter.CreateObservableGauge("mediascore.device.mqtt.broker.connections", connections, "{connection}", "Connections to our own broker.");

    public void Message(MqttTopic? from, string outcome, long count = 1) =>
        _messages.Add(count, new("kind", from is { } topic ? WordOf(topic.Kind) : "other"), new("outcome", outcome));

    public void Dropped(MqttReport report, MqttDrop drop) => Message(report.From, WordOf(drop));

    public void Connection(string outcome) => _connections.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Cut() => _cut.Add(1);

    public void Command(bool taken) => _commands.Add(1, new KeyValuePair<string, object?>("taken", taken));

    public void Stored(TimeSpan sinceArrival) => _storeTime.Record(sinceArrival.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    public static string WordOf(MqttDrop drop) => drop switch
    {
        MqttDrop.WrongTopic => "wrong-topic",
        MqttDrop.WrongTenant => "wrong-tenant",
        MqttDrop.Empty => "empty",
        MqttDrop.TooLarge => "too-large",
        MqttDrop.NotApproved => "not-approved",
        MqttDrop.RetainedFlood => "retained-flood",
        _ => "malformed",
    };

    private static string WordOf(MqttMessageKind kind) => kind switch
    {
        MqttMessageKind.Hello => "hello",
        MqttMessageKind.Seen => "seen",
        MqttMessageKind.Reading => "reading",
        MqttMessageKind.Result => "result",
        _ => "event",
    };
}
