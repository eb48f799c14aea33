using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Mqtt;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Mqtt;

public sealed class MqttPartsTests
{
    [Fact]
    public void Waits_double_up_to_the_most_and_a_connection_that_held_begins_anew()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), lasting: TimeSpan.FromSeconds(30));

        Enumerable.Range(0, 8).Select(_ => backOff.Next(TimeSpan.Zero, 0.5).TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 32, 60, 60]);
        backOff.Next(TimeSpan.FromSeconds(29), 0.5).TotalSeconds.ShouldBe(60);
        backOff.Next(TimeSpan.FromSeconds(30), 0.5).TotalSeconds.ShouldBe(1);
        // Not everybody at the same moment.
        backOff.Next(TimeSpan.FromSeconds(30), 0).TotalSeconds.ShouldBe(0.8);
        backOff.Next(TimeSpan.FromSeconds(30), 1).TotalSeconds.ShouldBe(1.2, 1e-9);
    }

    [Fact]
    public void A_bucket_gives_what_it_holds_and_fills_with_time()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(perSecond: 10, burst: 2, time);

        (bucket.TryTake(), bucket.TryTake(), bucket.TryTake()).ShouldBe((TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(100)));
        time.Advance(TimeSpan.FromMilliseconds(100));
        (bucket.TryTake(), bucket.Reserve(), bucket.Reserve()).ShouldBe((TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200)));
        time.Advance(TimeSpan.FromHours(1));
        (bucket.TryTake(), bucket.TryTake()).ShouldBe((TimeSpan.Zero, TimeSpan.Zero));
        bucket.TryTake().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task Retained_messages_wait_up_to_their_number_and_their_bytes()
    {
        var byCount = new RetainedLane(maxCount: 2, maxBytes: 1 << 20);
        var byBytes = new RetainedLane(maxCount: 100, maxBytes: 4_000);

        Enumerable.Range(0, 4).Select(_ => byCount.TryAdd(Arrival(10))).ShouldBe([true, true, false, false]);
        Enumerable.Range(0, 4).Select(_ => byBytes.TryAdd(Arrival(1_000))).ShouldBe([true, true, false, false]);

        (await byCount.TakeAsync(10, TestContext.Current.CancellationToken)).Count.ShouldBe(2);
        (await byBytes.TakeAsync(1, TestContext.Current.CancellationToken)).Count.ShouldBe(1);
        (byCount.Count, byBytes.Count).ShouldBe((0, 1));
        (byCount.TryAdd(Arrival(10)), byBytes.TryAdd(Arrival(1_000)), byBytes.TryAdd(Arrival(1_000))).ShouldBe((true, true, false));
        new RetainedLane(maxCount: 0, maxBytes: 1 << 20).TryAdd(Arrival(10)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("mqtt://broker.example.com:1883", true)]
    [InlineData("mqtts://10.0.0.5", true)]
    [InlineData("", true)]
    [InlineData("http://broker.example.com", false)]
    [InlineData("broker.example.com:1883", false)]
    [InlineData("mqtt://user:secret@broker.example.com", false)]
    [InlineData("mqtt://broker.example.com/path", false)]
    public void The_brokers_address_is_checked_at_the_start(string server, bool isValid) =>
        MqttOptionsCheck.Faults(new MqttOptions { Server = server }).Any().ShouldBe(!isValid);

    [Fact]
    public void A_broker_on_the_network_needs_TLS_or_a_word_that_it_does_not()
    {
        MqttOptionsCheck.Faults(new MqttBrokerOptions { Enabled = true, Address = "0.0.0.0" }).ShouldHaveSingleItem().ShouldContain("AllowPlainText");
        MqttOptionsCheck.Faults(new MqttBrokerOptions { Enabled = true, Address = "0.0.0.0", AllowPlainText = true }).ShouldBeEmpty();
        MqttOptionsCheck.Faults(new MqttBrokerOptions { Enabled = true }).ShouldBeEmpty();
        MqttOptionsCheck.Faults(new MqttBrokerOptions { Address = "localhost" }).ShouldHaveSingleItem().ShouldContain("must be an IP address");
        MqttOptionsCheck.Faults(new MqttOptions { Password = "x", CaFile = "/nowhere/ca.pem" }).Count().ShouldBe(2);
    }

    private static MqttArrival Arrival(int bytes) => new(new MqttReport("t", bytes), DateTimeOffset.UnixEpoch);
}
