using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Gallery.Importing;
using MediaScore.DeviceStreams.Tests.Support;

namespace MediaScore.DeviceStreams.Tests.Gallery;

/// <summary>Photos from archives and folders, and what must not get in that way.</summary>
public sealed class ImportedPhotoTests : IAsyncLifetime
{
    private ImportFolder _folder = null!;

    public async ValueTask InitializeAsync() => _folder = await ImportFolder.OpenAsync();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Photos_come_out_of_an_archive_by_place_or_by_name()
    {
        var archive = _folder.Archive(("photos/1.jpg", ScriptedFaces.File(1)), ("photos/sub/2.jpg", ScriptedFaces.File(2)), ("a/3.jpg", ScriptedFaces.File(3)), ("b/3.jpg", ScriptedFaces.File(4)));

        var lines = await _folder.ImportAsync(_folder.Table("number,name,photo,consent\n1001,One,photos\\1.jpg,x\n1002,Two,2.jpg,x\n1003,Three,3.jpg,x\n1004,Four,b/3.jpg,x\n1005,Five,5.jpg,x\n"), archive);

        lines.Select(line => line.Outcome).ShouldBe([ImportOutcome.Enrolled, ImportOutcome.Enrolled, ImportOutcome.Refused, ImportOutcome.Enrolled, ImportOutcome.Refused]);
        lines[2].Reason.ShouldContain("several");
    }

    [Fact]
    public async Task Names_of_an_archive_from_Chinese_Windows_are_read()
    {
        var path = Path.Combine(_folder.Root, "gbk.zip");
        using (var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create, leaveOpen: false, CodePagesEncodingProvider.Instance.GetEncoding(936)))
            ImportFolder.Write(archive, "照片/员工一.jpg", ScriptedFaces.File(1));
        ImportFolder.ClearUtf8Flags(path);

        var lines = await _folder.ImportAsync(_folder.Table("number,name,photo,consent\n1001,员工一,照片/员工一.jpg,x\n"), path);

        lines.ShouldHaveSingleItem().Outcome.ShouldBe(ImportOutcome.Enrolled, lines[0].Reason);
    }

    [Fact]
    public async Task What_unpacks_to_many_times_its_size_is_not_unpacked()
    {
        var archive = _folder.Archive(("bomb.jpg", new byte[8 << 20]), ("1.jpg", ScriptedFaces.File(1)));

        var lines = await _folder.ImportAsync(_folder.Table("number,name,photo,consent\n1001,One,bomb.jpg,x\n1002,Two,1.jpg,x\n"), archive);

        lines.Select(line => line.Outcome).ShouldBe([ImportOutcome.Refused, ImportOutcome.Enrolled]);
        lines[0].Reason.ShouldContain("20 times");
    }

    [Fact]
    public async Task An_archive_that_lies_about_a_size_is_found_out_within_the_size_that_it_said()
    {
        var path = Path.Combine(_folder.Root, "liar.zip");
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        using (var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
            ImportFolder.Write(archive, "1.jpg", noise);
        ImportFolder.SetUncompressedSizes(path, 1_000);

        var line = (await _folder.ImportAsync(_folder.Table("number,name,photo,consent\n1001,One,1.jpg,x\n"), path)).ShouldHaveSingleItem();

        line.Outcome.ShouldBe(ImportOutcome.Refused);
        line.Reason.ShouldContain("unpack");
    }

    [Fact]
    public async Task Single_and_total_size_are_bounded_for_archives_and_folders()
    {
        var noise = new byte[700_000];
        new Random(1).NextBytes(noise);
        var archive = _folder.Archive(("a.jpg", noise), ("b.jpg", noise), ("large.jpg", [.. noise, .. noise]), ("empty.jpg", []));
        foreach (var name in (string[])["a.jpg", "b.jpg"])
            await File.WriteAllBytesAsync(Path.Combine(_folder.Root, name), noise);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Root, "large.jpg"), [.. noise, .. noise]);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Root, "empty.jpg"), []);
        var options = new PeopleImportOptions { MaxPhotoMiB = 1, MaxTotalMiB = 1 };

        foreach (var photos in (string?[])[archive, null])
        {
            var lines = await _folder.ImportAsync(_folder.Table("number,name,photo,consent\n1,One,large.jpg,x\n2,Two,empty.jpg,x\n3,Three,a.jpg,x\n4,Four,b.jpg,x\n"), photos, options);

            lines[0].Reason.ShouldContain("MaxPhotoMiB");
            lines[1].Reason.ShouldContain("empty");
            lines[2].Code.ShouldBe(EnrolmentCode.UnreadablePicture);
            lines[3].Reason.ShouldContain("MaxTotalMiB");
        }
    }

    [Fact]
    public async Task No_way_leads_out_of_the_folder_or_the_archive()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.Site.Folder, "outside.jpg"), ScriptedFaces.File(1));
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "link.jpg"), Path.Combine(_folder.Site.Folder, "outside.jpg"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Root, "linked"), _folder.Site.Folder);
        var archive = _folder.Archive(("../outside.jpg", ScriptedFaces.File(1)), ("link.jpg", ScriptedFaces.File(2)));
        ImportFolder.MakeUnixLinks(archive, "link.jpg");
        var table = _folder.Table(
            $"number,name,photo,consent\n1,One,../outside.jpg,x\n2,Two,{_folder.Site.Folder}/outside.jpg,x\n3,Three,link.jpg,x\n4,Four,linked/outside.jpg,x\n5,Five,C:\\outside.jpg,x\n6,Six,..\\outside.jpg,x\n7,Seven,outside.jpg,x\n");

        foreach (var photos in (string?[])[archive, null])
            (await _folder.ImportAsync(table, photos)).ShouldAllBe(line => line.Outcome == ImportOutcome.Refused);
        _folder.Site.Faces.LookedCount.ShouldBe(0);
    }

    [Fact]
    public void Archives_with_too_many_entries_and_files_that_are_none_are_refused_before_they_are_listed()
    {
        var table = _folder.Table("number,name,photo,consent\n1,One,1.jpg,x\n");
        var many = _folder.Archive([.. Enumerable.Range(0, 50).Select(i => ($"{i}.jpg", new byte[] { 1 }))]);
        var none = Path.Combine(_folder.Root, "none.zip");
        File.WriteAllText(none, "this is no archive");
        var cut = Path.Combine(_folder.Root, "cut.zip");
        File.WriteAllBytes(cut, File.ReadAllBytes(many)[..^30]);
        // One that says 2 and lists 50.
        var liar = Path.Combine(_folder.Root, "count.zip");
        var bytes = File.ReadAllBytes(many);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + 10), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + 8), 2);
        File.WriteAllBytes(liar, bytes);

        ImportFolder.Refusal(table, new PeopleImportOptions { MaxArchiveEntries = 49 }, many).ShouldContain("PeopleImport:MaxArchiveEntries");
        ImportFolder.Refusal(table, new PeopleImportOptions { MaxArchiveEntries = 2 }, liar).ShouldContain("count.zip");
        ImportFolder.Refusal(table, null, none).ShouldContain("no ZIP archive");
        ImportFolder.Refusal(table, null, cut).ShouldContain(".zip");
        ImportFolder.Refusal(table, null, Path.Combine(_folder.Root, "absent")).ShouldContain("neither a folder nor an archive");
    }

    [Fact]
    public void An_archive_that_sends_the_reader_to_a_longer_list_than_the_one_that_is_checked_is_refused()
    {
        var table = _folder.Table("number,name,photo,consent\n1,One,1.jpg,x\n");
        var whole = File.ReadAllBytes(_folder.Archive([.. Enumerable.Range(0, 50).Select(i => ($"{i}.jpg", new byte[] { 1 }))]));
        var end = whole.AsSpan(^22..).ToArray();
        var list = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16));
        // APPNOTE 4.3.14 and 4.3.15: all 50, from where they are.
        var (record, locator) = (new byte[56], new byte[20]);
        BinaryPrimitives.WriteUInt32LittleEndian(record, 0x06064B50);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(4), 44);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(24), 50);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(32), 50);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(40), whole.Length - 22 - list);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(48), list);
        BinaryPrimitives.WriteUInt32LittleEndian(locator, 0x07064B50);
        BinaryPrimitives.WriteInt64LittleEndian(locator.AsSpan(8), whole.Length - 22);
        BinaryPrimitives.WriteInt32LittleEndian(locator.AsSpan(16), 1);
        // And an end of the old kind with a short list, but for the number of its disk.
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(4), uint.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(8), 0x00010001);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(16), whole.Length - 22 + record.Length + locator.Length);
        var path = Path.Combine(_folder.Root, "elsewhere.zip");
        File.WriteAllBytes(path, [.. whole.AsSpan(..^22), .. record, .. locator, .. end]);

        ImportFolder.Refusal(table, new PeopleImportOptions { MaxArchiveEntries = 2 }, path).ShouldContain("4 GiB");
    }

    [Fact]
    public async Task Mutated_tables_and_archives_end_in_rows_or_in_a_refusal()
    {
        // Half of them tables, half of them archives.
        var count = 2 * Mutator.CountOr(1_000);
        var random = new Random(20261126);
        var table = Encoding.UTF8.GetBytes("number,name,photo,consent\r\n1001,\"Employee, one\",1.jpg,\"file \"\"1\"\"\"\r\n1002,员工,2.jpg,\r\n");
        var archive = await File.ReadAllBytesAsync(_folder.Archive(("1.jpg", ScriptedFaces.File(1)), ("sub/2.jpg", ScriptedFaces.File(2))));
        var options = new PeopleImportOptions { MaxRows = 100, MaxTableMiB = 1, MaxArchiveEntries = 10, MaxPhotoMiB = 1, MaxTotalMiB = 4 };
        var (tablePath, archivePath) = (Path.Combine(_folder.Root, "mutated.csv"), Path.Combine(_folder.Root, "mutated.zip"));
        var opened = 0;
        for (var turn = 0; turn < count; turn++)
        {
            await File.WriteAllBytesAsync(tablePath, turn % 2 == 0 ? Mutate(table, random) : table);
            await File.WriteAllBytesAsync(archivePath, turn % 2 == 1 ? Mutate(archive, random) : archive);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var source = ImportSource.Open(tablePath, archivePath, options);
                foreach (var row in source.Rows)
                {
                    row.Number.Length.ShouldBeLessThanOrEqualTo(1_024);
                    source.ReadPhoto(row.Photo.Length > 0 ? row.Photo : "1.jpg", out _);
                }

                opened++;
            }
            catch (PeopleImportException refusal)
            {
                refusal.Message.ShouldNotBeEmpty();
            }

            // Both files are small, whatever they say of themselves; a photo may have a mebibyte, and there are three rows at most that name one.
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(16 << 20, $"turn {turn}");
        }

        opened.ShouldBeGreaterThan(count / 10);
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(4))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated.Insert(at, "\",\r\n\0"u8[random.Next(5)]);
                    break;
                case 2:
                    mutated.RemoveRange(at, Math.Min(random.Next(8), mutated.Count - at));
                    break;
                default:
                    mutated.InsertRange(at, mutated.GetRange(at, Math.Min(random.Next(64), mutated.Count - at)));
                    break;
            }

            if (mutated.Count == 0)
                mutated.Add(0);
        }

        return [.. mutated];
    }
}
