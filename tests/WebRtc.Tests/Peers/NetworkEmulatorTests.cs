using MediaScore.Peers.Network;

namespace MediaScore.WebRtc.Tests.Peers;

public sealed class NetworkEmulatorTests
{
    private const int Count = 20_000;
    private static readonly RemoteAddress Server = new(TransportKind.Udp, 1, 5082);

    [Fact]
    public void Perfect_network_delivers_everything_at_once_and_in_order()
    {
        var arrived = Run(NetworkConditions.Perfect, seed: 1, Count);

        arrived.Select(datagram => datagram.Number).ShouldBe(Enumerable.Range(0, Count));
        arrived.ShouldAllBe(datagram => datagram.Delay == TimeSpan.Zero);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(20, 1)]
    [InlineData(10, 5)]
    public void Loss_is_as_demanded_in_runs_as_demanded(double lossPercent, double burst)
    {
        var arrived = Run(new NetworkConditions { LossPercent = lossPercent, LossBurst = burst }, seed: 7, Count);

        var missing = Enumerable.Range(0, Count).Except(arrived.Select(datagram => datagram.Number)).ToList();
        (100.0 * missing.Count / Count).ShouldBe(lossPercent, lossPercent * 0.15);
        var runs = 1 + missing.Zip(missing.Skip(1)).Count(pair => pair.Second != pair.First + 1);
        ((double)missing.Count / runs).ShouldBe(burst == 1 ? 1 / (1 - (lossPercent / 100)) : burst, burst * 0.15);
    }

    [Fact]
    public void Same_seed_gives_the_same_network()
    {
        var conditions = new NetworkConditions { LossPercent = 5, Jitter = TimeSpan.FromMilliseconds(80), DuplicatePercent = 3, ReorderPercent = 4 };

        Run(conditions, seed: 3, 2000).ShouldBe(Run(conditions, seed: 3, 2000));
        Run(conditions, seed: 4, 2000).ShouldNotBe(Run(conditions, seed: 3, 2000));
    }

    [Fact]
    public void Jitter_delays_within_its_bounds_and_keeps_the_order_when_told_to()
    {
        var conditions = new NetworkConditions { Delay = TimeSpan.FromMilliseconds(40), Jitter = TimeSpan.FromMilliseconds(300) };

        var loose = Run(conditions, seed: 5, Count);
        var ordered = Run(conditions with { KeepsOrder = true }, seed: 5, Count);

        loose.ShouldAllBe(datagram => datagram.Delay >= conditions.Delay && datagram.Delay <= conditions.Delay + conditions.Jitter);
        loose.Select(datagram => datagram.Number).ShouldNotBe(Enumerable.Range(0, Count));
        ordered.Select(datagram => datagram.Number).ShouldBe(Enumerable.Range(0, Count));
    }

    [Fact]
    public void Nothing_passes_in_an_outage()
    {
        var conditions = new NetworkConditions { Outages = [new Outage(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5))] };

        var arrived = Run(conditions, seed: 1, 2000); // One datagram per 10 ms.

        Enumerable.Range(0, 2000).Except(arrived.Select(datagram => datagram.Number)).ShouldBe(Enumerable.Range(1000, 500));
    }

    [Fact]
    public void Duplicates_come_twice_and_never_thrice()
    {
        var arrived = Run(new NetworkConditions { DuplicatePercent = 10 }, seed: 2, Count);

        var copies = arrived.GroupBy(datagram => datagram.Number).Select(group => group.Count()).ToList();
        copies.Max().ShouldBe(2);
        copies.Count(count => count == 2).ShouldBeInRange(Count * 9 / 100, Count * 11 / 100);
    }

    [Fact]
    public void Limited_rate_queues_and_drops_what_the_queue_does_not_hold()
    {
        // 100 datagrams of 1000 bytes a second are 822 kbit/s with their headers.
        var conditions = new NetworkConditions { RateKilobitsPerSecond = 411, RateQueue = TimeSpan.FromMilliseconds(200) };

        var arrived = Run(conditions, seed: 1, Count, bytes: 1000);

        arrived.Count.ShouldBeInRange((Count / 2) - 30, (Count / 2) + 30);
        arrived.Max(datagram => datagram.Delay).ShouldBeLessThan(TimeSpan.FromMilliseconds(225));
    }

    private static List<(int Number, TimeSpan Delay)> Run(NetworkConditions conditions, int seed, int count, int bytes = 100)
    {
        var network = new NetworkEmulator(conditions, seed);
        var datagram = new byte[bytes];
        var arrived = new List<(int, TimeSpan)>();
        for (var number = 0; number < count; number++)
        {
            var now = new Instant(number * 10_000L);
            Drain(network, now, arrived);
            BitConverter.TryWriteBytes(datagram, number);
            network.Send(datagram, Server, now);
        }

        Drain(network, new Instant(count * 10_000L + 10_000_000), arrived);
        (network.DeliveredCount + network.LostCount).ShouldBe(network.SentCount + network.DuplicatedCount);
        return arrived;
    }

    private static void Drain(NetworkEmulator network, Instant until, List<(int Number, TimeSpan Delay)> arrived)
    {
        Span<byte> buffer = stackalloc byte[1500];
        while (network.NextDelivery <= until)
        {
            var at = network.NextDelivery;
            network.TryReceive(at, buffer, out _, out var address).ShouldBeTrue();
            address.ShouldBe(Server);
            var number = BitConverter.ToInt32(buffer);
            arrived.Add((number, at - new Instant(number * 10_000L)));
        }
    }
}
