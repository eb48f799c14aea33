using MediaScore.Pipelines.Session;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Tests.Session;

public sealed class AnalysisQueueTests
{
    [Fact]
    public async Task Entries_come_out_in_order_and_then_it_ends()
    {
        using var queue = new AnalysisQueue(1 << 20);
        queue.Offer(Packet(0));
        queue.Offer(Packet(1));
        queue.Complete();

        (await queue.TakeAsync(0, CancellationToken.None)).Packet.Sequence.ShouldBe(0UL);
        (await queue.TakeAsync(1, CancellationToken.None)).Packet.Sequence.ShouldBe(1UL);
        (await queue.TakeAsync(2, CancellationToken.None)).State.ShouldBe(QueueState.Ended);
    }

    [Fact]
    public async Task What_did_not_fit_is_said_to_be_on_disk_and_what_comes_later_is_not_taken_for_it()
    {
        using var queue = new AnalysisQueue(capacityBytes: 500);
        for (var i = 0UL; i < 5; i++)
            queue.Offer(Packet(i));
        (await queue.TakeAsync(0, CancellationToken.None)).State.ShouldBe(QueueState.Here);
        (await queue.TakeAsync(1, CancellationToken.None)).State.ShouldBe(QueueState.Here);
        queue.Offer(Packet(5));

        (await queue.TakeAsync(2, CancellationToken.None)).State.ShouldBe(QueueState.OnDisk);
        var caughtUp = await queue.TakeAsync(5, CancellationToken.None);

        caughtUp.Packet.Sequence.ShouldBe(5UL);
        queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task After_a_restart_everything_before_the_first_new_entry_is_on_disk()
    {
        using var queue = new AnalysisQueue(1 << 20);
        queue.StartAt(3);
        queue.Complete();

        (await queue.TakeAsync(0, CancellationToken.None)).State.ShouldBe(QueueState.OnDisk);
        (await queue.TakeAsync(3, CancellationToken.None)).State.ShouldBe(QueueState.Ended);
    }

    [Fact]
    public async Task A_waiting_analysis_is_woken_by_the_next_entry()
    {
        using var queue = new AnalysisQueue(1 << 20);
        var waiting = queue.TakeAsync(0, CancellationToken.None).AsTask();

        waiting.IsCompleted.ShouldBeFalse();
        queue.Offer(Packet(7));

        (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Packet.Sequence.ShouldBe(7UL);
    }

    private static RecordedPacket Packet(ulong sequence) =>
        new(TrackKind.Audio, sequence, new MediaTime((long)sequence * 20_000), KeyFrame: false, new byte[100]);
}
