using MediaScore.Recording.Tests.Support;
using MediaScore.Timeline;

namespace MediaScore.Recording.Tests;

public sealed class TimelineLogTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly GroupCommitter _committer = new(TimeProvider.System, new GroupCommitOptions { SpacingMs = 0 });

    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Observations_come_back_in_order_with_sequence_epoch_and_wall_clock()
    {
        var before = DateTimeOffset.UtcNow.AddMilliseconds(-1);
        await using (var log = await OpenAsync(epoch: 3))
        {
            (await log.AppendAsync(Warning(0))).ShouldBe(0);
            await log.AppendManyAsync([Warning(1), Warning(2)]);
            (await log.AppendAsync(Warning(3))).ShouldBe(3);
        }

        await using var again = await OpenAsync(epoch: 4);
        again.Recovered.Select(entry => entry.Observation).ShouldBe([Warning(0), Warning(1), Warning(2), Warning(3)]);
        again.Recovered.Select(entry => entry.Sequence).ShouldBe([0UL, 1UL, 2UL, 3UL]);
        again.Recovered.ShouldAllBe(entry => entry.Epoch == 3 && entry.WallClock >= before && entry.WallClock <= DateTimeOffset.UtcNow);
        (await again.AppendAsync(Warning(4))).ShouldBe(4);
        Read().Entries.Select(entry => entry.Epoch).ShouldBe([3UL, 3UL, 3UL, 3UL, 4UL]);
    }

    [Fact]
    public async Task A_timeline_cut_at_any_byte_opens_keeps_every_whole_record_and_goes_on()
    {
        var path = _folder.Interview().TimelinePath;
        var ends = new List<long> { LogFileHeader.SizeInBytes };
        await using (var log = await OpenAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                await log.AppendAsync(Warning(i));
                ends.Add(new FileInfo(path).Length);
            }
        }

        var whole = await File.ReadAllBytesAsync(path);
        for (var length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            var kept = Math.Max(ends.Count(end => end <= length) - 1, 0);
            Read().Entries.Count.ShouldBe(kept, $"cut at {length}");

            await using (var log = await OpenAsync(epoch: 2))
            {
                log.Recovered.Select(entry => entry.Observation).ShouldBe(Enumerable.Range(0, kept).Select(Warning), $"cut at {length}");
                (await log.AppendAsync(Warning(9))).ShouldBe(kept);
            }

            var mended = Read();
            mended.Entries[^1].Observation.ShouldBe(Warning(9));
            mended.End.Kind.ShouldBe(LogEndKind.Complete);
        }
    }

    [Fact]
    public async Task Any_flipped_bit_in_any_record_is_found()
    {
        var path = _folder.Interview().TimelinePath;
        await using (var log = await OpenAsync())
        {
            for (var i = 0; i < 3; i++)
                await log.AppendAsync(Warning(i));
        }

        var whole = await File.ReadAllBytesAsync(path);
        var length = (whole.Length - LogFileHeader.SizeInBytes) / 3;
        for (var position = LogFileHeader.SizeInBytes; position < whole.Length; position++)
        {
            var flipped = whole.ToArray();
            flipped[position] ^= (byte)(1 << (position % 8));
            await File.WriteAllBytesAsync(path, flipped);

            var content = Read();

            var record = (position - LogFileHeader.SizeInBytes) / length;
            content.Entries.Count.ShouldBe(record, $"bit flipped at {position}");
            content.End.Kind.ShouldBe(record == 2 ? LogEndKind.Torn : LogEndKind.Damaged, $"bit flipped at {position}");
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_the_file_header_is_found()
    {
        var path = _folder.Interview().TimelinePath;
        await using (var log = await OpenAsync())
            await log.AppendAsync(Warning(0));
        var whole = await File.ReadAllBytesAsync(path);

        for (var position = 0; position < LogFileHeader.SizeInBytes; position++)
        {
            var flipped = whole.ToArray();
            flipped[position] ^= 1;
            await File.WriteAllBytesAsync(path, flipped);

            Should.Throw<LogDamagedException>(Read, $"bit flipped at {position}");
        }
    }

    [Fact]
    public async Task Subscribers_are_told_in_order_of_sequence_under_many_appenders_and_one_that_fails_harms_no_other()
    {
        await using var log = await OpenAsync();
        var told = new List<ulong>();
        using var failing = log.Subscribe(_ => throw new InvalidOperationException("listener"));
        using var listening = log.Subscribe(entry => told.Add(entry.Sequence));

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () => await log.AppendAsync(Warning(i)))));

        told.ShouldBe(Enumerable.Range(0, 200).Select(i => (ulong)i));
    }

    [Fact]
    public async Task An_ended_subscription_hears_nothing_more()
    {
        await using var log = await OpenAsync();
        var told = 0;
        var subscription = log.Subscribe(_ => told++);
        await log.AppendAsync(Warning(0));

        subscription.Dispose();
        await log.AppendAsync(Warning(1));

        told.ShouldBe(1);
    }

    [Fact]
    public async Task A_record_of_an_unknown_kind_is_skipped_with_its_reason_and_keeps_its_place()
    {
        await using (var log = await OpenAsync())
            await log.AppendAsync(Warning(0));
        using (var key = TemporaryFolder.Key())
        using (var newer = SealedLog.Open(
            PhysicalLogFiles.Instance, _folder.Interview(), _folder.Interview().TimelinePath, LogContent.Timeline, key, epoch: 1, (_, _) => { }))
        {
            var json = """{"kind":"mind-reading","range":[0,1]}"""u8;
            var record = new byte[LogRecordHeader.SizeInBytes + json.Length + LogRecordHeader.TagBytes];
            json.CopyTo(record.AsSpan(LogRecordHeader.SizeInBytes));
            newer.Append(record, 0, 0, 0);
        }

        await using (var log = await OpenAsync())
        {
            log.Skipped.ShouldBe([new SkippedRecord(1, "unknown kind 'mind-reading': written by a newer version")]);
            await log.AppendAsync(Warning(2));
        }

        var content = Read();

        content.Entries.Select(entry => entry.Sequence).ShouldBe([0UL, 2UL]);
        content.Skipped.ShouldHaveSingleItem().Sequence.ShouldBe(1UL);
        content.End.Kind.ShouldBe(LogEndKind.Complete);
    }

    private static QualityWarning Warning(int index) => new(MediaRange.At(MediaTime.FromMilliseconds(100 + index)), WarningKind.Noisy);

    private async ValueTask<TimelineLog> OpenAsync(ulong epoch = 1)
    {
        using var key = TemporaryFolder.Key();
        return await TimelineLog.OpenAsync(_folder.Interview(), key, epoch, _committer);
    }

    private TimelineContent Read()
    {
        using var key = TemporaryFolder.Key();
        return TimelineReader.Read(_folder.Interview().TimelinePath, key);
    }
}
