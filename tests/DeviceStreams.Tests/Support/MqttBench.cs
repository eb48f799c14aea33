using MediaScore.DeviceStreams.Mqtt;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>MQTT as a server runs it, on a <see cref="DeviceSite"/>, with its counters.</summary>
internal sealed class MqttBench : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly MetricCollector<long> _messages;
    private readonly MetricCollector<long> _connections;

    private MqttBench(MqttIngress ingress)
    {
        Ingress = ingress;
        _messages = new MetricCollector<long>(ingress, "MediaScore.DeviceStreams", "mediascore.device.mqtt.messages");
        _connections = new MetricCollector<long>(ingress, "MediaScore.DeviceStreams", "mediascore.device.mqtt.connections");
    }

    public MqttIngress Ingress { get; }

    public static async Task<MqttBench> StartAsync(
        DeviceSite site, MqttOptions? options = null, MqttBrokerOptions? broker = null, ILoggerFactory? loggers = null, Action<MqttIngress>? prepare = null)
    {
        var services = new MqttServices(
            site.Registry, site.Commands, site.Journal, site.Options, options ?? new MqttOptions(), broker ?? new MqttBrokerOptions(), site.Time, loggers ?? NullLoggerFactory.Instance);
        var bench = new MqttBench(new MqttIngress(services));
        prepare?.Invoke(bench.Ingress);
        await bench.Ingress.StartAsync();
        return bench;
    }

    /// <summary>A broker of our own on a free port, or on one that an earlier one had.</summary>
    public static Task<MqttBench> StartBrokerAsync(DeviceSite site, int port = 0, Action<MqttBrokerOptions>? change = null)
    {
        var options = new MqttBrokerOptions { Enabled = true, Port = port };
        change?.Invoke(options);
        return StartAsync(site, broker: options);
    }

    /// <summary>Messages that came to this end: <c>stored</c>, <c>duplicate</c>, <c>noted</c>, or why they were dropped.</summary>
    public long Count(string outcome) => Sum(_messages, outcome);

    public long Connections(string outcome) => Sum(_connections, outcome);

    public Task WhenCountedAsync(string outcome, long count) => WhenAsync(_messages, outcome, count);

    public Task WhenConnectionsAsync(string outcome, long count) => WhenAsync(_connections, outcome, count);

    /// <summary>Ends when so many connections have ended: while they were being opened, or later.</summary>
    public Task WhenEndedAsync(long count) => WhenAsync(_connections, "lost or failed", () => Connections("lost") + Connections("failed"), count);

    public async ValueTask DisposeAsync()
    {
        await Ingress.DisposeAsync();
        _messages.Dispose();
        _connections.Dispose();
    }

    private static long Sum(MetricCollector<long> collector, string outcome) =>
        collector.GetMeasurementSnapshot().Where(measured => Equals(measured.Tags["outcome"], outcome)).Sum(measured => measured.Value);

    private static Task WhenAsync(MetricCollector<long> collector, string outcome, long count) => WhenAsync(collector, outcome, () => Sum(collector, outcome), count);

    private static async Task WhenAsync(MetricCollector<long> collector, string what, Func<long> read, long count)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (true)
            {
                var seen = collector.GetMeasurementSnapshot().Count;
                if (read() >= count)
                    return;
                await collector.WaitForMeasurementsAsync(seen + 1, limit.Token);
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"Waited in vain for {count} x {what}; there are {read()}.", late);
        }
    }
}
