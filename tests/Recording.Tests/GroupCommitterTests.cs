using MediaScore.Recording.Tests.Support;
using MediaScore.Timeline;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.Recording.Tests;

public sealed class GroupCommitterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SimulatedDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_told_or_acknowledged_before_its_flush_has_ended()
    {
        await using var committer = new GroupCommitter(_time, new GroupCommitOptions { SpacingMs = 0 });
        await using var log = await OpenTimelineAsync(committer);
        using var told = log.Subscribe(entry => _disk.Note($"told {entry.Sequence}"));
        _disk.Journal.Clear();
        using var gate = new ManualResetEventSlim();
        _disk.FlushGate = gate;
        _disk.FlushBegun.Reset();

        var appended = log.AppendAsync(Warning(0)).AsTask();
        _disk.FlushBegun.Wait(Patience).ShouldBeTrue("the flush never began");
        appended.IsCompleted.ShouldBeFalse();
        _disk.Journal.ShouldBe(["write timeline.mstl"]);
        gate.Set();
        await appended.WaitAsync(Patience);

        _disk.Journal.ShouldBe(["write timeline.mstl", "flush timeline.mstl", "told 0"]);
    }

    [Fact]
    public async Task Logs_that_ask_while_a_round_runs_share_the_next_one_and_each_is_flushed_once_in_it()
    {
        await using var committer = new GroupCommitter(_time, new GroupCommitOptions { SpacingMs = 0, Parallelism = 1 });
        await using var first = await OpenTimelineAsync(committer, "first");
        await using var second = await OpenTimelineAsync(committer, "second");
        using var gate = new ManualResetEventSlim();
        _disk.FlushGate = gate;
        _disk.FlushBegun.Reset();
        var before = committer.Statistics;

        var running = first.AppendAsync(Warning(0)).AsTask();
        _disk.FlushBegun.Wait(Patience).ShouldBeTrue("the first round never began");
        var waiting = Enumerable.Range(1, 10).SelectMany(i => new[] { first.AppendAsync(Warning(i)).AsTask(), second.AppendAsync(Warning(i)).AsTask() }).ToList();
        gate.Set();
        await Task.WhenAll([running, .. waiting]).WaitAsync(Patience);

        (committer.Statistics.FlushCount - before.FlushCount).ShouldBe(3);
    }

    [Fact]
    public async Task A_round_that_hangs_has_an_age_and_one_that_has_ended_a_length()
    {
        await using var committer = new GroupCommitter(_time, new GroupCommitOptions { SpacingMs = 0 });
        await using var log = await OpenTimelineAsync(committer);
        await log.AppendAsync(Warning(0)).AsTask().WaitAsync(Patience);

        // Who asked is told before the round is counted.
        while (committer.Statistics.RoundCount == 0)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        using var gate = new ManualResetEventSlim();
        _disk.FlushGate = gate;
        _disk.FlushBegun.Reset();
        var before = committer.Statistics;

        var appended = log.AppendAsync(Warning(1)).AsTask();
        _disk.FlushBegun.Wait(Patience).ShouldBeTrue("the flush never began");
        _time.Advance(TimeSpan.FromSeconds(12));
        var hanging = committer.Statistics;
        gate.Set();
        await appended.WaitAsync(Patience);
        while (committer.Statistics.RoundCount == before.RoundCount)
            await Task.Delay(1, TestContext.Current.CancellationToken);

        (hanging.RoundCount, hanging.RoundAge).ShouldBe((before.RoundCount, TimeSpan.FromSeconds(12)));
        (committer.Statistics.RoundTime - before.RoundTime, committer.Statistics.RoundAge).ShouldBe((TimeSpan.FromSeconds(12), TimeSpan.Zero));
    }

    [Fact]
    public async Task A_second_round_waits_for_the_spacing()
    {
        var time = new WatchedTime();
        await using var committer = new GroupCommitter(time, new GroupCommitOptions { SpacingMs = 50 });
        var log = await OpenTimelineAsync(committer);
        await log.AppendAsync(Warning(0)).AsTask().WaitAsync(Patience);
        time.Advance(TimeSpan.FromMilliseconds(20));

        var second = log.AppendAsync(Warning(1)).AsTask();
        (await time.NextWaitAsync(Patience)).ShouldBe(TimeSpan.FromMilliseconds(30));
        time.Advance(TimeSpan.FromMilliseconds(29));
        second.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));

        (await second.WaitAsync(Patience)).ShouldBe(1);
    }

    [Fact]
    public async Task Media_that_nobody_flushes_is_durable_within_a_second()
    {
        await using var committer = new GroupCommitter(_time, new GroupCommitOptions { SpacingMs = 0 });
        using var key = TemporaryFolder.Key();
        await using var writer = await RecordingWriter.OpenAsync(_disk, _folder.Interview(), key, 1, committer, default);
        writer.DescribeTrack(Packets.Opus);
        await writer.AppendAsync(Packets.Audio(0));
        _disk.FlushBegun.Reset();

        _time.Advance(TimeSpan.FromMilliseconds(799));
        writer.Durable(TrackKind.Audio).NextSequence.ShouldBe(0UL);
        _disk.FlushBegun.IsSet.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(201));

        _disk.FlushBegun.Wait(Patience).ShouldBeTrue("the committer never flushed");
        await writer.FlushAsync().AsTask().WaitAsync(Patience);
        writer.Durable(TrackKind.Audio).NextSequence.ShouldBe(1UL);
    }

    [Fact]
    public async Task A_failing_flush_is_told_to_the_appender_and_never_acknowledged_later()
    {
        await using var committer = new GroupCommitter(_time, new GroupCommitOptions { SpacingMs = 0 });
        await using var log = await OpenTimelineAsync(committer);
        var told = new List<ulong>();
        using var subscription = log.Subscribe(entry => told.Add(entry.Sequence));
        await log.AppendAsync(Warning(0));

        _disk.FailFlushes = true;
        (await Should.ThrowAsync<LogStorageException>(() => log.AppendAsync(Warning(1)).AsTask())).Message.ShouldContain("flushed to disk");
        _disk.FailFlushes = false;
        await Should.ThrowAsync<LogStorageException>(() => log.AppendAsync(Warning(2)).AsTask());

        told.ShouldBe([0UL]);
    }

    [Fact]
    public async Task A_full_disk_is_a_clear_fault_and_what_was_acknowledged_before_is_still_there()
    {
        await using var committer = new GroupCommitter(_time, new GroupCommitOptions { SpacingMs = 0 });
        using var key = TemporaryFolder.Key();
        await using (var writer = await RecordingWriter.OpenAsync(_disk, _folder.Interview(), key, 1, committer, default))
        {
            writer.DescribeTrack(Packets.Opus);
            await writer.AppendAsync(Packets.Audio(0));
            await writer.FlushAsync();
            _disk.FreeBytes = 30;
            await writer.AppendAsync(Packets.Audio(1));

            var fault = await Should.ThrowAsync<LogStorageException>(() => writer.FlushAsync().AsTask());

            fault.Message.ShouldContain("No space left on device");
            writer.Durable(TrackKind.Audio).NextSequence.ShouldBe(1UL);
            await Should.ThrowAsync<LogStorageException>(() => writer.AppendAsync(Packets.Audio(2)).AsTask());
        }

        _disk.FreeBytes = long.MaxValue;
        await using var again = await RecordingWriter.OpenAsync(_disk, _folder.Interview(), key, 2, committer, default);
        again.Durable(TrackKind.Audio).NextSequence.ShouldBe(1UL);
        again.Recovery.TruncatedBytes.ShouldBe(30);
    }

    [Fact]
    public async Task After_a_power_cut_everything_acknowledged_is_there()
    {
        await using var committer = new GroupCommitter(_time, new GroupCommitOptions { SpacingMs = 0 });
        using var key = TemporaryFolder.Key();
        var log = await OpenTimelineAsync(committer);
        var writer = await RecordingWriter.OpenAsync(_disk, _folder.Interview(), key, 1, committer, default);
        writer.DescribeTrack(Packets.Opus);
        for (var i = 0; i < 5; i++)
        {
            await log.AppendAsync(Warning(i));
            await writer.AppendAsync(Packets.Audio(i));
        }

        await writer.FlushAsync();
        var acknowledged = writer.Durable(TrackKind.Audio);
        await writer.AppendAsync(Packets.Audio(5));
        _disk.CutPower();

        await using var again = await RecordingWriter.OpenAsync(_disk, _folder.Interview(), key, 2, committer, default);
        await using var timeline = await OpenTimelineAsync(committer, epoch: 2);
        again.Durable(TrackKind.Audio).ShouldBe(acknowledged);
        timeline.Recovered.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Disposing_makes_the_last_appends_durable()
    {
        var committer = new GroupCommitter(_time, new GroupCommitOptions { SpacingMs = 0 });
        using var key = TemporaryFolder.Key();
        await using (var writer = await RecordingWriter.OpenAsync(_disk, _folder.Interview(), key, 1, committer, default))
        {
            writer.DescribeTrack(Packets.Opus);
            await writer.AppendAsync(Packets.Audio(0));
        }

        await committer.DisposeAsync();
        await committer.DisposeAsync();

        _disk.CutPower();
        await using var next = new GroupCommitter(_time, new GroupCommitOptions { SpacingMs = 0 });
        await using var again = await RecordingWriter.OpenAsync(_disk, _folder.Interview(), key, 1, next, default);
        again.Durable(TrackKind.Audio).NextSequence.ShouldBe(1UL);
    }

    private static QualityWarning Warning(int index) => new(MediaRange.At(MediaTime.FromMilliseconds(index)), WarningKind.Noisy);

    private async ValueTask<TimelineLog> OpenTimelineAsync(GroupCommitter committer, string id = "interview-1", ulong epoch = 1)
    {
        using var key = TemporaryFolder.Key();
        return await TimelineLog.OpenAsync(_disk, _folder.Interview(id), key, epoch, committer, logger: null, default);
    }
}
