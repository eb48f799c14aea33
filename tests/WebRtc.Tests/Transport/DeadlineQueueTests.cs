using MediaScore.WebRtc.Transport;

namespace MediaScore.WebRtc.Tests.Transport;

public sealed class DeadlineQueueTests
{
    [Fact]
    public void The_earliest_is_next_whatever_was_set_moved_and_removed()
    {
        var random = new Random(9);
        var queue = new DeadlineQueue<Item>();
        var items = Enumerable.Range(0, 200).Select(_ => new Item()).ToList();

        for (var step = 0; step < 20_000; step++)
        {
            var item = items[random.Next(items.Count)];
            if (random.Next(4) == 0)
                queue.Remove(item);
            else
                queue.Set(item, random.Next(50) == 0 ? Instant.Never : new Instant(random.Next(1000)));

            var inQueue = items.Where(i => i.HeapIndex >= 0).ToList();
            queue.Count.ShouldBe(inQueue.Count);
            queue.Next.ShouldBe(inQueue.Count == 0 ? Instant.Never : inQueue.Min(i => i.Deadline));
        }
    }

    [Fact]
    public void Only_what_is_due_is_given()
    {
        var queue = new DeadlineQueue<Item>();
        var (early, late) = (new Item(), new Item());
        queue.Set(late, new Instant(20));
        queue.Set(early, new Instant(10));

        queue.TryPeekDue(new Instant(9), out _).ShouldBeFalse();
        queue.TryPeekDue(new Instant(10), out var due).ShouldBeTrue();
        due.ShouldBe(early);
        queue.Set(early, new Instant(30));
        queue.TryPeekDue(new Instant(25), out due).ShouldBeTrue();
        due.ShouldBe(late);
    }

    private sealed class Item : IDeadline
    {
        public Instant Deadline { get; set; }

        public int HeapIndex { get; set; } = -1;
    }
}
