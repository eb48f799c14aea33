using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Gallery.Importing;

namespace MediaScore.DeviceStreams.Tests.Gallery;

public sealed class PeopleImportTests : IAsyncLifetime
{
    private Site _site = null!;
    private string _folder = "";

    public async ValueTask InitializeAsync()
    {
        _site = await Site.OpenAsync();
        _folder = Directory.CreateDirectory(Path.Combine(_site.Folder, "import")).FullName;
        for (var shade = 1; shade <= 9; shade++)
        {
            _site.Faces.Show(shade, Directions.Any(shade));
            await File.WriteAllBytesAsync(Path.Combine(_folder, $"{shade}.jpg"), ScriptedFaces.File(shade));
        }
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task People_with_consent_are_enrolled_and_running_it_again_changes_nothing()
    {
        var table = Table("number,name,photo,consent\n1001,Employee one,1.jpg,\"paper, file 1\"\n1002,\"Employee \"\"two\"\"\",2.jpg,yes\n1003,Employee three,,paper\n");

        var first = await ImportAsync(table);
        var revision = await _site.Store.RevisionAsync();
        var second = await ImportAsync(table);

        first.Select(line => line.Outcome).ShouldBe([ImportOutcome.Enrolled, ImportOutcome.Enrolled, ImportOutcome.Stored]);
        second.Select(line => line.Outcome).ShouldBe([ImportOutcome.Unchanged, ImportOutcome.Unchanged, ImportOutcome.Unchanged]);
        (await _site.Store.RevisionAsync()).ShouldBe(revision);
        var people = await _site.Directory.ListAsync(Site.Tenant);
        people.Select(person => (person.Number, person.Name, person.ConsentSource, person.TemplateCount)).ShouldBe(
            [("1001", "Employee one", "paper, file 1", 1), ("1002", "Employee \"two\"", "people.csv, line 3", 1), ("1003", "Employee three", "paper", 0)]);
        _site.Gallery.Identify(Site.Tenant, Directions.Any(2))!.Person.Number.ShouldBe("1002");
    }

    [Fact]
    public async Task A_row_without_consent_enrols_nobody_and_says_so()
    {
        var lines = await ImportAsync(Table("number,name,photo,consent\n1001,One,1.jpg,\n1002,Two,2.jpg,no\n1003,Three,3.jpg,否\n1004,Four,4.jpg,file 4\n"));
        var noColumn = await ImportAsync(Table("number,name,photo\n1005,Five,5.jpg\n"));

        lines.Select(line => line.Outcome).ShouldBe([ImportOutcome.NoConsent, ImportOutcome.NoConsent, ImportOutcome.NoConsent, ImportOutcome.Enrolled]);
        lines[0].Reason.ShouldContain("no consent");
        noColumn.ShouldHaveSingleItem().Outcome.ShouldBe(ImportOutcome.NoConsent);
        _site.Faces.LookedCount.ShouldBe(1);
        _site.Gallery.Content.TemplateCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_consent_that_was_withdrawn_is_not_brought_back_by_the_old_table()
    {
        var table = Table("number,name,photo,consent\n1001,One,1.jpg,file 1\n");
        await ImportAsync(table);
        await _site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");

        var again = (await ImportAsync(table)).ShouldHaveSingleItem();

        again.Outcome.ShouldBe(ImportOutcome.NoConsent);
        again.Reason.ShouldContain("withdrawn");
        _site.Gallery.Content.TemplateCount.ShouldBe(0);
    }

    [Fact]
    public async Task Bad_rows_are_told_with_their_line_and_the_rest_goes_on()
    {
        var lines = await ImportAsync(Table(
            """
            number,name,photo,consent
            1001,One,1.jpg,file
            10 02,Two,2.jpg,file
            1003
            1004,"Four,4.jpg,file
            1005,Five,5.jpg,file
            1001,Another name,6.jpg,file
            1006,Six,missing.jpg,file

            1007,Seven,../../7.jpg,file
            1008,Eight,8.jpg,file
            1009,Nine,1.jpg,file
            """));

        lines.Select(line => (line.Line, line.Outcome)).ShouldBe(
        [
            (2, ImportOutcome.Enrolled), (3, ImportOutcome.BadRow), (4, ImportOutcome.BadRow), (5, ImportOutcome.BadRow), (6, ImportOutcome.Enrolled), (7, ImportOutcome.BadRow),
            (8, ImportOutcome.Refused), (10, ImportOutcome.Refused), (11, ImportOutcome.Enrolled), (12, ImportOutcome.Refused),
        ]);
        lines[3].Reason.ShouldContain("quotation mark");
        lines[5].Reason.ShouldContain("another name on line 2");
        lines[6].Reason.ShouldContain("missing.jpg");
        lines[7].Reason.ShouldContain("out of the folder");
        lines[9].Code.ShouldBe(EnrolmentCode.KnownAsAnother);
        lines[9].OperatorNote.ShouldContain("1001");
    }

    [Theory]
    [InlineData("utf-8", false, "UTF-8")]
    [InlineData("utf-8", true, "UTF-8")]
    [InlineData("gbk", false, "GBK")]
    [InlineData("utf-16", true, "UTF-16")]
    public async Task Names_come_out_right_in_every_encoding_that_spreadsheets_write(string encoding, bool mark, string read)
    {
        var text = "number,name,photo,consent\r\n1001,员工一,1.jpg,书面同意\r\n";
        var coder = encoding switch { "gbk" => CodePagesEncodingProvider.Instance.GetEncoding(936)!, "utf-16" => Encoding.Unicode, _ => Encoding.UTF8 };
        var path = Path.Combine(_folder, "people.csv");
        await File.WriteAllBytesAsync(path, [.. mark ? coder.GetPreamble() : [], .. coder.GetBytes(text)]);

        using var source = ImportSource.Open(path, null, new PeopleImportOptions());
        await ImportAsync(path);

        source.Encoding.ShouldBe(read);
        var person = (await _site.Directory.FindAsync(Site.Tenant, "1001"))!;
        (person.Name, person.ConsentSource, person.TemplateCount).ShouldBe(("员工一", "书面同意", 1));
    }

    [Fact]
    public async Task Columns_may_come_in_any_order_with_others_between_and_any_separator()
    {
        var lines = await ImportAsync(Table("Consent;Department; NAME ;Number;photo\npaper;x;One;1001;1.jpg\n"));
        var tabs = await ImportAsync(Table("number\tname\tphoto\tconsent\n1002\tTwo\t2.jpg\tpaper\n"));

        lines.ShouldHaveSingleItem().Outcome.ShouldBe(ImportOutcome.Enrolled);
        tabs.ShouldHaveSingleItem().Outcome.ShouldBe(ImportOutcome.Enrolled);
    }

    [Fact]
    public void Tables_that_are_none_are_refused_as_a_whole_with_the_cure()
    {
        Refusal(Table("")).ShouldContain("number,name,photo,consent");
        Refusal(Table("name,photo\nOne,1.jpg\n")).ShouldContain("no column 'number'");
        Refusal(Table("number,name,name\n")).ShouldContain("two columns named 'name'");
        Refusal(Table("number,name\n1,One\n2,Two\n"), new PeopleImportOptions { MaxRows = 1 }).ShouldContain("PeopleImport:MaxRows");
        Refusal(Path.Combine(_folder, "none.csv")).ShouldContain("There is no table");
        File.WriteAllBytes(Path.Combine(_folder, "noise.csv"), [0xFF, 0xFF, 0x81, 0x00]);
        Refusal(Path.Combine(_folder, "noise.csv")).ShouldContain("CSV UTF-8");
        File.WriteAllBytes(Path.Combine(_folder, "large.csv"), new byte[(1 << 20) + 1]);
        Refusal(Path.Combine(_folder, "large.csv"), new PeopleImportOptions { MaxTableMiB = 1 }).ShouldContain("PeopleImport:MaxTableMiB");
    }

    [Fact]
    public async Task Photos_come_out_of_an_archive_by_place_or_by_name()
    {
        var archive = Archive(("photos/1.jpg", ScriptedFaces.File(1)), ("photos/sub/2.jpg", ScriptedFaces.File(2)), ("a/3.jpg", ScriptedFaces.File(3)), ("b/3.jpg", ScriptedFaces.File(4)));

        var lines = await ImportAsync(Table("number,name,photo,consent\n1001,One,photos\\1.jpg,x\n1002,Two,2.jpg,x\n1003,Three,3.jpg,x\n1004,Four,b/3.jpg,x\n1005,Five,5.jpg,x\n"), archive);

        lines.Select(line => line.Outcome).ShouldBe([ImportOutcome.Enrolled, ImportOutcome.Enrolled, ImportOutcome.Refused, ImportOutcome.Enrolled, ImportOutcome.Refused]);
        lines[2].Reason.ShouldContain("several");
    }

    [Fact]
    public async Task Names_of_an_archive_from_Chinese_Windows_are_read()
    {
        var path = Path.Combine(_folder, "gbk.zip");
        using (var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create, leaveOpen: false, CodePagesEncodingProvider.Instance.GetEncoding(936)))
            Write(archive, "照片/员工一.jpg", ScriptedFaces.File(1));
        ClearUtf8Flags(path);

        var lines = await ImportAsync(Table("number,name,photo,consent\n1001,员工一,照片/员工一.jpg,x\n"), path);

        lines.ShouldHaveSingleItem().Outcome.ShouldBe(ImportOutcome.Enrolled, lines[0].Reason);
    }

    [Fact]
    public async Task What_unpacks_to_many_times_its_size_is_not_unpacked()
    {
        var archive = Archive(("bomb.jpg", new byte[8 << 20]), ("1.jpg", ScriptedFaces.File(1)));

        var lines = await ImportAsync(Table("number,name,photo,consent\n1001,One,bomb.jpg,x\n1002,Two,1.jpg,x\n"), archive);

        lines.Select(line => line.Outcome).ShouldBe([ImportOutcome.Refused, ImportOutcome.Enrolled]);
        lines[0].Reason.ShouldContain("20 times");
    }

    [Fact]
    public async Task An_archive_that_lies_about_a_size_is_found_out_within_the_size_that_it_said()
    {
        var path = Path.Combine(_folder, "liar.zip");
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        using (var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
            Write(archive, "1.jpg", noise);
        SetUncompressedSizes(path, 1_000);

        var line = (await ImportAsync(Table("number,name,photo,consent\n1001,One,1.jpg,x\n"), path)).ShouldHaveSingleItem();

        line.Outcome.ShouldBe(ImportOutcome.Refused);
        line.Reason.ShouldContain("unpack");
    }

    [Fact]
    public async Task Single_and_total_size_are_bounded_for_archives_and_folders()
    {
        var noise = new byte[700_000];
        new Random(1).NextBytes(noise);
        var archive = Archive(("a.jpg", noise), ("b.jpg", noise), ("large.jpg", [.. noise, .. noise]), ("empty.jpg", []));
        foreach (var name in (string[])["a.jpg", "b.jpg"])
            await File.WriteAllBytesAsync(Path.Combine(_folder, name), noise);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "large.jpg"), [.. noise, .. noise]);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "empty.jpg"), []);
        var options = new PeopleImportOptions { MaxPhotoMiB = 1, MaxTotalMiB = 1 };

        foreach (var photos in (string?[])[archive, null])
        {
            var lines = await ImportAsync(Table("number,name,photo,consent\n1,One,large.jpg,x\n2,Two,empty.jpg,x\n3,Three,a.jpg,x\n4,Four,b.jpg,x\n"), photos, options);

            lines[0].Reason.ShouldContain("MaxPhotoMiB");
            lines[1].Reason.ShouldContain("empty");
            lines[2].Code.ShouldBe(EnrolmentCode.UnreadablePicture);
            lines[3].Reason.ShouldContain("MaxTotalMiB");
        }
    }

    [Fact]
    public async Task No_way_leads_out_of_the_folder_or_the_archive()
    {
        await File.WriteAllBytesAsync(Path.Combine(_site.Folder, "outside.jpg"), ScriptedFaces.File(1));
        File.CreateSymbolicLink(Path.Combine(_folder, "link.jpg"), Path.Combine(_site.Folder, "outside.jpg"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "linked"), _site.Folder);
        var archive = Archive(("../outside.jpg", ScriptedFaces.File(1)), ("link.jpg", ScriptedFaces.File(2)));
        MakeUnixLinks(archive, "link.jpg");
        var table = Table(
            $"number,name,photo,consent\n1,One,../outside.jpg,x\n2,Two,{_site.Folder}/outside.jpg,x\n3,Three,link.jpg,x\n4,Four,linked/outside.jpg,x\n5,Five,C:\\outside.jpg,x\n6,Six,..\\outside.jpg,x\n7,Seven,outside.jpg,x\n");

        foreach (var photos in (string?[])[archive, null])
            (await ImportAsync(table, photos)).ShouldAllBe(line => line.Outcome == ImportOutcome.Refused);
        _site.Faces.LookedCount.ShouldBe(0);
    }

    [Fact]
    public void Archives_with_too_many_entries_and_files_that_are_none_are_refused_before_they_are_listed()
    {
        var table = Table("number,name,photo,consent\n1,One,1.jpg,x\n");
        var many = Archive([.. Enumerable.Range(0, 50).Select(i => ($"{i}.jpg", new byte[] { 1 }))]);
        var none = Path.Combine(_folder, "none.zip");
        File.WriteAllText(none, "this is no archive");
        var cut = Path.Combine(_folder, "cut.zip");
        File.WriteAllBytes(cut, File.ReadAllBytes(many)[..^30]);
        // One that says 2 and lists 50.
        var liar = Path.Combine(_folder, "count.zip");
        var bytes = File.ReadAllBytes(many);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + 10), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + 8), 2);
        File.WriteAllBytes(liar, bytes);

        Refusal(table, new PeopleImportOptions { MaxArchiveEntries = 49 }, many).ShouldContain("PeopleImport:MaxArchiveEntries");
        Refusal(table, new PeopleImportOptions { MaxArchiveEntries = 2 }, liar).ShouldContain("count.zip");
        Refusal(table, null, none).ShouldContain("no ZIP archive");
        Refusal(table, null, cut).ShouldContain(".zip");
        Refusal(table, null, Path.Combine(_folder, "absent")).ShouldContain("neither a folder nor an archive");
    }

    [Fact]
    public async Task Mutated_tables_and_archives_end_in_rows_or_in_a_refusal()
    {
        var seed = Environment.GetEnvironmentVariable("MEDIASCORE_FUZZ") is { } count ? int.Parse(count) : 2_000;
        var random = new Random(20261126);
        var table = Encoding.UTF8.GetBytes("number,name,photo,consent\r\n1001,\"Employee, one\",1.jpg,\"file \"\"1\"\"\"\r\n1002,员工,2.jpg,\r\n");
        var archive = await File.ReadAllBytesAsync(Archive(("1.jpg", ScriptedFaces.File(1)), ("sub/2.jpg", ScriptedFaces.File(2))));
        var options = new PeopleImportOptions { MaxRows = 100, MaxTableMiB = 1, MaxArchiveEntries = 10, MaxPhotoMiB = 1, MaxTotalMiB = 4 };
        var (tablePath, archivePath) = (Path.Combine(_folder, "mutated.csv"), Path.Combine(_folder, "mutated.zip"));
        var opened = 0;
        for (var turn = 0; turn < seed; turn++)
        {
            await File.WriteAllBytesAsync(tablePath, turn % 2 == 0 ? Mutate(table, random) : table);
            await File.WriteAllBytesAsync(archivePath, turn % 2 == 1 ? Mutate(archive, random) : archive);
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
        }

        opened.ShouldBeGreaterThan(seed / 10);
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

    private static void Write(ZipArchive archive, string name, byte[] content)
    {
        using var stream = archive.CreateEntry(name).Open();
        stream.Write(content);
    }

    /// <summary>Overwrites a field of every entry in the archive's list (APPNOTE 4.3.12), and of its local header where that has it too.</summary>
    private static void Patch(string path, Action<byte[], int> patchListed, Action<byte[], int>? patchLocal = null)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at + 4 <= bytes.Length; at++)
        {
            var signature = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
            if (signature == 0x02014B50)
                patchListed(bytes, at);
            else if (signature == 0x04034B50)
                patchLocal?.Invoke(bytes, at);
        }

        File.WriteAllBytes(path, bytes);
    }

    private static void SetUncompressedSizes(string path, uint size) => Patch(
        path,
        (bytes, at) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 24), size),
        (bytes, at) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 22), size));

    private static void ClearUtf8Flags(string path) => Patch(path, (bytes, at) => bytes[at + 9] &= 0xF7, (bytes, at) => bytes[at + 7] &= 0xF7);

    private static void MakeUnixLinks(string path, string name) => Patch(path, (bytes, at) =>
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 28));
        if (Encoding.ASCII.GetString(bytes, at + 46, length) == name)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 38), 0xA1FF0000);
    });

    private string Table(string text)
    {
        var path = Path.Combine(_folder, "people.csv");
        File.WriteAllText(path, text);
        return path;
    }

    private string Archive(params (string Name, byte[] Content)[] entries)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.zip");
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
            Write(archive, name, content);
        return path;
    }

    private async Task<List<ImportLine>> ImportAsync(string table, string? photos = null, PeopleImportOptions? options = null)
    {
        using var source = ImportSource.Open(table, photos, options ?? new PeopleImportOptions());
        var lines = new List<ImportLine>();
        await foreach (var line in new PeopleImport(_site.Directory, _site.Store, _site.Enrolment).RunAsync(Site.Tenant, source))
            lines.Add(line);
        return lines;
    }

    private static string Refusal(string table, PeopleImportOptions? options = null, string? photos = null) =>
        Should.Throw<PeopleImportException>(() => ImportSource.Open(table, photos, options ?? new PeopleImportOptions())).Message;
}
