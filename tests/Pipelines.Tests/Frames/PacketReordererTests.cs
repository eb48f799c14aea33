using MediaScore.Pipelines.Frames;

namespace MediaScore.Pipelines.Tests.Frames;

public class PacketReordererTests
{
    [Fact]
    public void Packets_in_order_pass_at_once()
    {
        var reorderer = new PacketReorderer<int>();

        for (var i = 0; i < 100; i++)
        {
            reorderer.TryAdd((ulong)i, i * 20_000, i).ShouldBeTrue();
            reorderer.TryTake(out var released).ShouldBeTrue();
            released.ShouldBe(new ReleasedPacket<int>((ulong)i, 0, i));
        }
    }

    [Fact]
    public void Swapped_packets_come_out_in_order()
    {
        var reorderer = new PacketReorderer<int>();

        AddAndTake(reorderer, 1, 0, 3, 2, 4).ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void A_missing_packet_is_given_up_after_500_ms_of_media_and_counted()
    {
        var reorderer = new PacketReorderer<int>();
        reorderer.TryAdd(0, 0, 0);
        reorderer.TryTake(out _);

        for (var i = 2; i < 27; i++)
        {
            reorderer.TryAdd((ulong)i, i * 20_000, i);
            reorderer.TryTake(out _).ShouldBeFalse();
        }

        reorderer.TryAdd(27, 27 * 20_000, 27);
        reorderer.TryTake(out var released).ShouldBeTrue();
        released.ShouldBe(new ReleasedPacket<int>(2, 1, 2));
        Rest(reorderer).ShouldBe(Enumerable.Range(3, 25));
        reorderer.TryAdd(1, 20_000, 1).ShouldBeFalse();
    }

    [Fact]
    public void A_missing_packet_is_given_up_when_32_are_held()
    {
        var reorderer = new PacketReorderer<int>();
        for (var i = 1; i < 32; i++)
        {
            reorderer.TryAdd((ulong)i, 0, i);
            reorderer.TryTake(out _).ShouldBeFalse();
        }

        reorderer.TryAdd(32, 0, 32);

        Rest(reorderer).ShouldBe(Enumerable.Range(1, 32));
    }

    [Fact]
    public void A_second_copy_stays_with_the_caller()
    {
        var reorderer = new PacketReorderer<int>();
        reorderer.TryAdd(1, 0, 1);

        reorderer.TryAdd(1, 0, 1).ShouldBeFalse();

        reorderer.HeldCount.ShouldBe(1);
    }

    [Fact]
    public void Flush_releases_what_is_held_and_later_packets_wait_again()
    {
        var reorderer = new PacketReorderer<int>();
        reorderer.TryAdd(2, 0, 2);
        reorderer.TryAdd(4, 0, 4);

        reorderer.Flush();

        Rest(reorderer).ShouldBe([2, 4]);
        reorderer.TryAdd(6, 0, 6);
        reorderer.TryTake(out _).ShouldBeFalse();
    }

    [Fact]
    public void Every_packet_comes_out_once_and_in_order_or_is_counted_lost()
    {
        var random = new Random(11);
        var reorderer = new PacketReorderer<int>();
        var sent = Enumerable.Range(0, 4_000).Where(_ => random.Next(20) != 0).OrderBy(i => i + random.Next(8)).ToList();
        var taken = new List<int>();
        ulong lost = 0;
        var refused = 0;

        void TakeAll()
        {
            while (reorderer.TryTake(out var released))
            {
                taken.Add(released.Packet);
                lost += released.LostBefore;
            }
        }

        foreach (var i in sent)
        {
            refused += reorderer.TryAdd((ulong)i, i * 20_000, i) ? 0 : 1;
            TakeAll();
        }

        reorderer.Flush();
        TakeAll();

        refused.ShouldBe(0);
        taken.ShouldBe(sent.Order());
        ((ulong)taken.Count + lost).ShouldBe(reorderer.Next);
    }

    [Fact]
    public void Nothing_is_allocated_once_built()
    {
        var reorderer = new PacketReorderer<int>();
        AddAndTake(reorderer, 1, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (ulong i = 2; i < 1_000; i += 2)
        {
            reorderer.TryAdd(i + 1, 0, 0);
            reorderer.TryAdd(i, 0, 0);
            while (reorderer.TryTake(out _))
            {
            }
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static List<int> AddAndTake(PacketReorderer<int> reorderer, params int[] sequences)
    {
        var taken = new List<int>();
        foreach (var sequence in sequences)
        {
            reorderer.TryAdd((ulong)sequence, sequence * 20_000, sequence);
            taken.AddRange(Rest(reorderer));
        }

        return taken;
    }

    private static List<int> Rest(PacketReorderer<int> reorderer)
    {
        var taken = new List<int>();
        while (reorderer.TryTake(out var released))
            taken.Add(released.Packet);
        return taken;
    }
}
