using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Tests.Mqtt;

/// <summary>What one peer of our broker may ask for, and that it costs nobody else anything.</summary>
public sealed class BrokerLimitTests
{
    private const string Key = "key-of-the-reader-1";
    private const string Name = "default/R-1";

    [Fact]
    public async Task Noise_on_the_port_and_claims_of_256_MiB_end_their_connection_and_nobody_elses()
    {
        await using var site = await DeviceSite.OpenAsync();
        // Nobody is cut off here for being slow.
        await using var bench = await MqttBench.StartBrokerAsync(site, change: options => options.ConnectLimitS = 120);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        // Their length alone is the reason, and more might come; GuardedChannelTests measures what they cost.
        foreach (var claim in new byte[][] { [0x10, 0xFF, 0xFF, 0xFF, 0x7F], [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01] })
            await SayAsync(bench, claim, isAll: false);
        foreach (var noise in new byte[][] { RandomNumberGenerator.GetBytes(5_000), "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [0x30, 0x00], [0x10, 0x02, 0x00, 0x00] })
            await SayAsync(bench, noise, isAll: true);

        (await reader.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}""")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task More_connections_than_are_allowed_are_closed_and_those_that_are_there_stay()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site, change: options => options.MaxConnections = 1);
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        using var second = new TcpClient();
        await second.ConnectAsync(IPAddress.Loopback, bench.Ingress.BrokerPort!.Value, TestContext.Current.CancellationToken);
        await DeviceSite.WithinAsync(ReadToEndAsync(second.GetStream()), () => "the end of the second connection");

        bench.Connections("too-many").ShouldBe(1);
        (await reader.PublishAsync("mediascore/default/R-1/seen", """{"seq":1,"badge":"B-1"}""")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task A_device_that_sends_too_much_waits_and_loses_nothing()
    {
        await using var site = await DeviceSite.OpenAsync();
        await using var bench = await MqttBench.StartBrokerAsync(site, change: options => (options.MessagesPerSecond, options.MessageBurst) = (100, 5));
        await site.ApproveAsync(DeviceProtocol.Mqtt, "R-1", Key);
        await using var reader = new MqttCaller();
        await reader.ConnectAsync(AddressOf(bench), Name, Key);

        var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => reader.PublishAsync("mediascore/default/R-1/seen", $$"""{"seq":{{i}},"badge":"B-1"}""")));

        answers.ShouldAllBe(answer => answer.IsSuccess);
        (await site.StoredAsync()).Select(row => row.DeduplicationKey).ShouldBe(Enumerable.Range(1, 40).Select(i => $"seq//{i}/"), ignoreOrder: true);
    }

    private static Uri AddressOf(MqttBench bench) => new($"mqtt://127.0.0.1:{bench.Ingress.BrokerPort}");

    /// <summary>A stranger says something; ends when the broker has ended the connection.</summary>
    /// <param name="isAll">It also says that nothing more comes.</param>
    private static async Task SayAsync(MqttBench bench, byte[] what, bool isAll)
    {
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(IPAddress.Loopback, bench.Ingress.BrokerPort!.Value, TestContext.Current.CancellationToken);
        // Taken first: a client that has said its last word gives no stream any more.
        var stream = stranger.GetStream();
        await stream.WriteAsync(what, TestContext.Current.CancellationToken);
        if (isAll)
            stranger.Client.Shutdown(SocketShutdown.Send);
        await DeviceSite.WithinAsync(ReadToEndAsync(stream), () => "the end of a stranger's connection");
    }

    private static async Task ReadToEndAsync(NetworkStream stream)
    {
        var buffer = new byte[256];
        try
        {
            while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: an end as well.
        }
    }
}
