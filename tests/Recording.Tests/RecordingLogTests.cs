using MediaScore.Recording.Tests.Support;
using MediaScore.Timeline;

namespace MediaScore.Recording.Tests;

public sealed class RecordingLogTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly GroupCommitter _committer = new(TimeProvider.System, new GroupCommitOptions { SpacingMs = 0 });

    public async ValueTask DisposeAsync()
    {
        await _committer.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Packets_come_back_as_they_were_given_with_the_format_of_their_track_first()
    {
        var sent = new[] { Packets.Audio(0), Packets.Video(0, keyFrame: true), Packets.Audio(1, size: 0), Packets.Video(1, keyFrame: false, size: 100_000), Packets.Audio(2) };

        await using (var writer = await OpenAsync())
        {
            await AppendAsync(writer, sent);
            (await writer.FlushAsync()).ShouldBe(new FileInfo(_folder.Interview().RecordingPath).Length);
        }

        using var reader = Read();
        var entries = reader.ReadAll().ToList();
        entries.Where(entry => !entry.IsPacket).Select(entry => entry.Format).ShouldBe([Packets.Opus, Packets.Vp8]);
        var packets = entries.Where(entry => entry.IsPacket).Select(entry => entry.Packet).ToList();
        packets.Count.ShouldBe(sent.Length);
        for (var i = 0; i < sent.Length; i++)
            packets[i].ShouldMatch(sent[i]);
        reader.End.ShouldBe(new LogEnd(LogEndKind.Complete, new FileInfo(_folder.Interview().RecordingPath).Length));
    }

    [Fact]
    public async Task A_reader_reads_on_where_it_ended_while_the_recording_grows_and_gives_each_entry_once()
    {
        await using var writer = await OpenAsync();
        await AppendAsync(writer, Packets.Audio(0), Packets.Audio(1));
        await writer.FlushAsync();
        using var reader = Read();
        var entries = ReadNext(reader);
        entries.Count.ShouldBe(3);
        ReadNext(reader).ShouldBeEmpty();

        await AppendAsync(writer, Packets.Video(0, keyFrame: true), Packets.Audio(2));
        ReadNext(reader).ShouldBeEmpty();
        await writer.FlushAsync();
        entries.AddRange(ReadNext(reader));
        await AppendAsync(writer, Packets.Audio(3), Packets.Audio(4));
        await writer.FlushAsync();
        entries.AddRange(ReadNext(reader));

        using var whole = Read();
        var expected = whole.ReadAll().ToList();
        entries.Select(entry => entry.Format).ShouldBe(expected.Select(entry => entry.Format));
        foreach (var (packet, wanted) in entries.Zip(expected).Where(pair => pair.First.IsPacket).Select(pair => (pair.First.Packet, pair.Second.Packet)))
            packet.ShouldMatch(wanted);
    }

    private static List<RecordingEntry> ReadNext(RecordingReader reader)
    {
        var entries = new List<RecordingEntry>();
        while (reader.TryReadNext(out var entry))
            entries.Add(entry);
        return entries;
    }

    [Fact]
    public async Task A_writer_says_what_it_holds_after_being_opened_again()
    {
        await using (var first = await OpenAsync())
            await AppendAsync(first, Packets.Audio(0), Packets.Audio(1), Packets.Video(0, keyFrame: true));

        await using var second = await OpenAsync(epoch: 2);

        second.Durable(TrackKind.Audio).ShouldBe(new TrackPosition(2, MediaTime.FromMilliseconds(20), 2));
        second.Durable(TrackKind.Video).ShouldBe(new TrackPosition(1, MediaTime.Zero, 1));
        second.Tracks.ShouldBe([Packets.Opus, Packets.Vp8]);
        second.Recovery.TruncatedBytes.ShouldBe(0);
        second.Recovery.LastEpoch.ShouldBe(1UL);
    }

    [Fact]
    public async Task A_recording_cut_at_any_byte_opens_keeps_every_whole_chunk_and_goes_on()
    {
        var path = _folder.Interview().RecordingPath;
        var chunkEnds = new List<long> { LogFileHeader.SizeInBytes };
        await using (var writer = await OpenAsync())
        {
            for (var i = 0; i < 4; i++)
            {
                await AppendAsync(writer, Packets.Audio(2 * i), Packets.Audio((2 * i) + 1));
                chunkEnds.Add(await writer.FlushAsync());
            }
        }

        var whole = await File.ReadAllBytesAsync(path);
        for (var length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            var wholeChunks = chunkEnds.Count(end => end <= length) - 1;
            var atBoundary = length == 0 || chunkEnds.Contains(length);
            using (var torn = Read())
            {
                torn.ReadAll().Count(entry => entry.IsPacket).ShouldBe(2 * Math.Max(wholeChunks, 0), $"cut at {length}");
                torn.End.Kind.ShouldBe(atBoundary && length > 0 ? LogEndKind.Complete : LogEndKind.Torn, $"cut at {length}");
            }

            await using (var writer = await OpenAsync(epoch: 2))
            {
                writer.Durable(TrackKind.Audio).NextSequence.ShouldBe((ulong)(2 * Math.Max(wholeChunks, 0)), $"cut at {length}");
                await AppendAsync(writer, Packets.Audio(99));
            }

            using var mended = Read();
            mended.ReadAll().Last().Packet.ShouldMatch(Packets.Audio(99));
            mended.End.Kind.ShouldBe(LogEndKind.Complete);
        }
    }

    [Fact]
    public async Task Any_flipped_bit_is_found_and_nothing_behind_it_is_given_out()
    {
        var path = _folder.Interview().RecordingPath;
        await using (var writer = await OpenAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                await AppendAsync(writer, Packets.Audio(10 + i)); // All three chunks have one length.
                await writer.FlushAsync();
            }
        }

        var whole = await File.ReadAllBytesAsync(path);
        var chunkLength = (whole.Length - LogFileHeader.SizeInBytes) / 3;
        for (var position = LogFileHeader.SizeInBytes; position < whole.Length; position++)
        {
            var flipped = whole.ToArray();
            flipped[position] ^= (byte)(1 << (position % 8));
            await File.WriteAllBytesAsync(path, flipped);

            using var reader = Read();
            var count = reader.ReadAll().Count(entry => entry.IsPacket);

            var chunk = (position - LogFileHeader.SizeInBytes) / chunkLength;
            count.ShouldBe(chunk, $"bit flipped at {position}");
            reader.End.Offset.ShouldBe(LogFileHeader.SizeInBytes + (chunk * chunkLength));
            // The last chunk's neighbours can't testify that it had been whole.
            reader.End.Kind.ShouldBe(chunk == 2 ? LogEndKind.Torn : LogEndKind.Damaged, $"bit flipped at {position}: {reader.End.Reason}");
        }
    }

    [Fact]
    public async Task A_reader_that_is_asked_again_behind_a_flipped_bit_takes_no_noise_for_packets()
    {
        var path = _folder.Interview().RecordingPath;
        await using (var writer = await OpenAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                await AppendAsync(writer, Packets.Audio(10 + i));
                await writer.FlushAsync();
            }
        }

        var whole = await File.ReadAllBytesAsync(path);
        var chunkLength = (whole.Length - LogFileHeader.SizeInBytes) / 3;
        for (var position = LogFileHeader.SizeInBytes; position < whole.Length; position++)
        {
            var flipped = whole.ToArray();
            flipped[position] ^= (byte)(1 << (position % 8));
            await File.WriteAllBytesAsync(path, flipped);
            using var reader = Read();
            var count = ReadNext(reader).Count(entry => entry.IsPacket);
            var end = reader.End;

            for (var again = 0; again < 3; again++)
                ReadNext(reader).ShouldBeEmpty($"bit flipped at {position}");

            count.ShouldBe((position - LogFileHeader.SizeInBytes) / chunkLength, $"bit flipped at {position}");
            reader.End.ShouldBe(end);
            reader.ReadTracks().Except([TrackKind.Audio]).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_damaged_middle_stops_the_writer_and_leaves_the_file_as_it_is()
    {
        var path = _folder.Interview().RecordingPath;
        await using (var writer = await OpenAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                await AppendAsync(writer, Packets.Audio(i));
                await writer.FlushAsync();
            }
        }

        var damaged = await File.ReadAllBytesAsync(path);
        damaged[LogFileHeader.SizeInBytes + LogRecordHeader.SizeInBytes + 3] ^= 1;
        await File.WriteAllBytesAsync(path, damaged);

        var fault = await Should.ThrowAsync<LogDamagedException>(() => OpenAsync(epoch: 2).AsTask());

        fault.Message.ShouldContain("damaged at byte 64");
        (await File.ReadAllBytesAsync(path)).ShouldBe(damaged);
    }

    [Fact]
    public async Task A_bad_last_chunk_is_cut_off_but_kept_beside_the_recording()
    {
        var path = _folder.Interview().RecordingPath;
        await using (var writer = await OpenAsync())
            await AppendAsync(writer, Packets.Audio(0));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        await using var second = await OpenAsync(epoch: 2);

        second.Recovery.TruncatedBytes.ShouldBe(bytes.Length - LogFileHeader.SizeInBytes);
        (await File.ReadAllBytesAsync(path + ".cut-64")).ShouldBe(bytes[LogFileHeader.SizeInBytes..]);
    }

    [Fact]
    public async Task A_page_that_never_reached_the_disk_before_later_ones_that_did_is_a_tear_and_no_damage()
    {
        var path = _folder.Interview().RecordingPath;
        var acknowledged = 0L;
        await using (var writer = await OpenAsync())
        {
            await AppendAsync(writer, Packets.Audio(0));
            acknowledged = await writer.FlushAsync();
            // Three chunks without a flush between them: none of them may rely on another.
            for (var i = 1; i <= 3; i++)
                await AppendAsync(writer, Packets.Audio(i, size: 60_000));
        }

        var bytes = await File.ReadAllBytesAsync(path);
        bytes.AsSpan((int)acknowledged, 4096).Clear();
        await File.WriteAllBytesAsync(path, bytes);

        await using var again = await OpenAsync(epoch: 2);

        again.Durable(TrackKind.Audio).NextSequence.ShouldBe(1UL);
        again.Recovery.TruncatedBytes.ShouldBe(bytes.Length - acknowledged);
        (await File.ReadAllBytesAsync($"{path}.cut-{acknowledged}")).ShouldBe(bytes[(int)acknowledged..]);
    }

    [Fact]
    public async Task Another_key_is_named_as_the_reason()
    {
        await using (var writer = await OpenAsync())
            await AppendAsync(writer, Packets.Audio(0));
        using var other = TemporaryFolder.Key(seed: 8);

        Should.Throw<LogDamagedException>(() => RecordingReader.Open(_folder.Interview().RecordingPath, other)).Message.ShouldContain("another data key");
        (await Should.ThrowAsync<LogDamagedException>(() => RecordingWriter.OpenAsync(_folder.Interview(), other, 2, _committer).AsTask()))
            .Message.ShouldContain("another data key");
    }

    [Fact]
    public async Task A_recording_of_another_interview_is_refused()
    {
        await using (var writer = await OpenAsync())
            await AppendAsync(writer, Packets.Audio(0));
        var other = _folder.Interview("interview-2");
        Directory.CreateDirectory(other.FullPath);
        File.Copy(_folder.Interview().RecordingPath, other.RecordingPath);
        using var key = TemporaryFolder.Key();

        (await Should.ThrowAsync<LogDamagedException>(() => RecordingWriter.OpenAsync(other, key, 2, _committer).AsTask())).Message.ShouldContain("another interview");
    }

    [Fact]
    public async Task An_earlier_owner_and_a_second_writer_are_fenced_off()
    {
        await using (var writer = await OpenAsync(epoch: 5))
        {
            await AppendAsync(writer, Packets.Audio(0));
            (await Should.ThrowAsync<LogFencedException>(() => OpenAsync(epoch: 6).AsTask())).Message.ShouldContain("open for writing already");
        }

        (await Should.ThrowAsync<LogFencedException>(() => OpenAsync(epoch: 4).AsTask())).Message.ShouldContain("epoch 5");
    }

    [Fact]
    public async Task Nothing_that_was_flushed_is_lost_when_the_writer_is_never_closed()
    {
        var writer = await OpenAsync();
        await AppendAsync(writer, Packets.Audio(0), Packets.Audio(1));
        await writer.FlushAsync();
        await AppendAsync(writer, Packets.Audio(2)); // Gathers in memory only.

        // What a process that is killed leaves behind is what the file holds now.
        using var reader = Read();
        reader.ReadAll().Count(entry => entry.IsPacket).ShouldBe(2);
        reader.End.Kind.ShouldBe(LogEndKind.Complete);

        await writer.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_beside_the_writer_sees_chunks_as_they_are_sealed()
    {
        await using var writer = await OpenAsync();
        using var reader = Read();
        for (var i = 0; i < 5; i++)
        {
            await AppendAsync(writer, Packets.Audio(i, size: 30_000));
            await writer.FlushAsync();

            reader.ReadAll().Count(entry => entry.IsPacket).ShouldBe(i + 1);
            reader.End.Kind.ShouldBe(LogEndKind.Complete);
        }
    }

    [Fact]
    public async Task Reading_from_a_time_gives_the_formats_and_only_later_packets()
    {
        await using (var writer = await OpenAsync())
        {
            for (var i = 0; i < 100; i++)
            {
                await AppendAsync(writer, Packets.Audio(i));
                if (i % 10 == 9)
                    await writer.FlushAsync();
            }
        }

        using var reader = Read();
        var entries = reader.ReadAll(MediaTime.FromMilliseconds(1500)).ToList();

        entries[0].Format.ShouldBe(Packets.Opus);
        entries.Skip(1).Select(entry => entry.Packet.Sequence).ShouldBe(Enumerable.Range(75, 25).Select(i => (ulong)i));
    }

    [Fact]
    public async Task A_track_cannot_change_its_format_nor_begin_without_one()
    {
        await using var writer = await OpenAsync();
        writer.DescribeTrack(Packets.Opus);
        writer.DescribeTrack(Packets.Opus);

        Should.Throw<InvalidOperationException>(() => writer.DescribeTrack(Packets.Opus with { Codec = MediaCodec.Pcm16 }));
        await Should.ThrowAsync<InvalidOperationException>(() => writer.AppendAsync(Packets.Video(0, keyFrame: true)).AsTask());
        await Should.ThrowAsync<ArgumentException>(() => writer.AppendAsync(Packets.Audio(0, RecordedPacket.MaxPayloadBytes + 1)).AsTask());
    }

    [Fact]
    public async Task A_packet_costs_no_memory_of_its_own()
    {
        await using var writer = await OpenAsync();
        writer.DescribeTrack(Packets.Opus);
        var packet = Packets.Audio(1, size: 100);
        await AppendManyAsync(writer, packet, count: 5_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var appended = AppendManyAsync(writer, packet, count: 50_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // All on this thread: an append never waits.
        appended.IsCompletedSuccessfully.ShouldBeTrue();
        (allocated / 50_000.0).ShouldBeLessThan(8, "bytes a packet");
    }

    [Fact]
    public async Task Chunks_stay_within_64_KiB_and_a_packet_above_that_gets_one_of_its_own()
    {
        await using (var writer = await OpenAsync())
        {
            writer.DescribeTrack(Packets.Opus);
            for (var i = 0; i < 100; i++)
                await writer.AppendAsync(Packets.Audio(i, size: i == 50 ? RecordedPacket.MaxPayloadBytes : 5_000));
        }

        using var key = TemporaryFolder.Key();
        using var cipher = new LogCipher(key, LogContent.Recording);
        using var file = PhysicalLogFiles.TryOpenForReading(_folder.Interview().RecordingPath)!;
        LogCursor.ReadFileHeader("recording", file, LogContent.Recording, cipher).ShouldNotBeNull();
        var cursor = new LogCursor(file, cipher);
        var large = 0;
        while (cursor.MoveNext())
            large += LogRecordHeader.SizeInBytes + cursor.Header.BodyLength > ChunkBuilder.ChunkBytes ? 1 : 0;
        large.ShouldBe(1);
        cursor.End.Kind.ShouldBe(LogEndKind.Complete);
        using var reader = Read();
        reader.ReadAll().Count(entry => entry.IsPacket).ShouldBe(100);
    }

    [Fact]
    public void A_missing_recording_is_an_empty_one()
    {
        using var reader = Read();

        reader.ReadAll().ShouldBeEmpty();
        reader.End.Kind.ShouldBe(LogEndKind.Complete);
    }

    private async ValueTask<RecordingWriter> OpenAsync(ulong epoch = 1)
    {
        using var key = TemporaryFolder.Key();
        return await RecordingWriter.OpenAsync(_folder.Interview(), key, epoch, _committer);
    }

    private RecordingReader Read()
    {
        using var key = TemporaryFolder.Key();
        return RecordingReader.Open(_folder.Interview().RecordingPath, key);
    }

    private static async Task AppendManyAsync(RecordingWriter writer, RecordedPacket packet, int count)
    {
        for (var i = 0; i < count; i++)
            await writer.AppendAsync(packet);
    }

    private static async Task AppendAsync(RecordingWriter writer, params RecordedPacket[] packets)
    {
        foreach (var packet in packets)
        {
            writer.DescribeTrack(packet.Track == TrackKind.Audio ? Packets.Opus : Packets.Vp8);
            await writer.AppendAsync(packet);
        }
    }
}
