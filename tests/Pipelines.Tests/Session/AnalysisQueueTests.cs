using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

public sealed class AnalysisQueueTests
{
    [Fact]
    public async Task Entries_come_out_in_order_and_then_it_ends()
    {
        var queue = new AnalysisQueue(1 << 20);
        queue.Offer(Packet(0));
        queue.Offer(Packet(1));
        queue.Complete();

        (await TakeAsync(queue, 0)).Packet.Sequence.ShouldBe(0UL);
        (await TakeAsync(queue, 1)).Packet.Sequence.ShouldBe(1UL);
        (await TakeAsync(queue, 2)).State.ShouldBe(QueueState.Ended);
    }

    [Fact]
    public async Task What_did_not_fit_is_said_to_be_on_disk_and_what_comes_later_is_not_taken_for_it()
    {
        var queue = new AnalysisQueue(capacityBytes: 500);
        for (var i = 0UL; i < 5; i++)
            queue.Offer(Packet(i));
        (await TakeAsync(queue, 0)).State.ShouldBe(QueueState.Here);
        (await TakeAsync(queue, 1)).State.ShouldBe(QueueState.Here);
        queue.Offer(Packet(5));

        (await TakeAsync(queue, 2)).State.ShouldBe(QueueState.OnDisk);
        var caughtUp = await TakeAsync(queue, 5);

        caughtUp.Packet.Sequence.ShouldBe(5UL);
        queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task After_a_restart_everything_before_the_first_new_entry_is_on_disk()
    {
        var queue = new AnalysisQueue(1 << 20);
        queue.StartAt(3);
        queue.Complete();

        (await TakeAsync(queue, 0)).State.ShouldBe(QueueState.OnDisk);
        (await TakeAsync(queue, 3)).State.ShouldBe(QueueState.Ended);
    }

    [Fact]
    public async Task A_waiting_analysis_is_woken_by_the_next_entry()
    {
        var queue = new AnalysisQueue(1 << 20);
        var waiting = TakeAsync(queue, 0);

        waiting.IsCompleted.ShouldBeFalse();
        queue.Offer(Packet(7));

        (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Packet.Sequence.ShouldBe(7UL);
    }

    private static async Task<(QueueState State, RecordedPacket Packet)> TakeAsync(AnalysisQueue queue, long next)
    {
        QueueState state;
        RecordedPacket packet;
        while (!queue.TryTake(next, out state, out packet))
            await queue.WaitAsync(TestContext.Current.CancellationToken);
        return (state, packet);
    }

    private static RecordedPacket Packet(ulong sequence) =>
        new(TrackKind.Audio, sequence, new MediaTime((long)sequence * 20_000), KeyFrame: false, new byte[100]);
}
