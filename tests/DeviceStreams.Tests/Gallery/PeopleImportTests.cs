using System.Text;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Gallery.Importing;

namespace MediaScore.DeviceStreams.Tests.Gallery;

public sealed class PeopleImportTests : IAsyncLifetime
{
    private ImportFolder _folder = null!;

    public async ValueTask InitializeAsync() => _folder = await ImportFolder.OpenAsync();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task People_with_consent_are_enrolled_and_running_it_again_changes_nothing()
    {
        var table = _folder.Table("number,name,photo,consent\n1001,Employee one,1.jpg,\"paper, file 1\"\n1002,\"Employee \"\"two\"\"\",2.jpg,yes\n1003,Employee three,,paper\n");

        var first = await _folder.ImportAsync(table);
        var revision = await _folder.Site.Store.RevisionAsync();
        var second = await _folder.ImportAsync(table);

        first.Select(line => line.Outcome).ShouldBe([ImportOutcome.Enrolled, ImportOutcome.Enrolled, ImportOutcome.Stored]);
        second.Select(line => line.Outcome).ShouldBe([ImportOutcome.Unchanged, ImportOutcome.Unchanged, ImportOutcome.Unchanged]);
        (await _folder.Site.Store.RevisionAsync()).ShouldBe(revision);
        var people = await _folder.Site.Directory.ListAsync(Site.Tenant);
        people.Select(person => (person.Number, person.Name, person.ConsentSource, person.TemplateCount)).ShouldBe(
            [("1001", "Employee one", "paper, file 1", 1), ("1002", "Employee \"two\"", "people.csv, line 3", 1), ("1003", "Employee three", "paper", 0)]);
        _folder.Site.Gallery.Identify(Site.Tenant, Directions.Any(2))!.Person.Number.ShouldBe("1002");
    }

    [Fact]
    public async Task A_row_without_consent_enrols_nobody_and_says_so()
    {
        var lines = await _folder.ImportAsync(_folder.Table("number,name,photo,consent\n1001,One,1.jpg,\n1002,Two,2.jpg,no\n1003,Three,3.jpg,否\n1004,Four,4.jpg,file 4\n"));
        var noColumn = await _folder.ImportAsync(_folder.Table("number,name,photo\n1005,Five,5.jpg\n"));

        lines.Select(line => line.Outcome).ShouldBe([ImportOutcome.NoConsent, ImportOutcome.NoConsent, ImportOutcome.NoConsent, ImportOutcome.Enrolled]);
        lines[0].Reason.ShouldContain("no consent");
        noColumn.ShouldHaveSingleItem().Outcome.ShouldBe(ImportOutcome.NoConsent);
        _folder.Site.Faces.LookedCount.ShouldBe(1);
        _folder.Site.Gallery.Content.TemplateCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_picture_on_which_a_model_fails_costs_its_row_and_no_other()
    {
        _folder.Site.Faces.FailsOn = 2;

        var lines = await _folder.ImportAsync(_folder.Table("number,name,photo,consent\n1001,One,1.jpg,file\n1002,Two,2.jpg,file\n1003,Three,3.jpg,file\n"));

        lines.Select(line => line.Outcome).ShouldBe([ImportOutcome.Enrolled, ImportOutcome.Refused, ImportOutcome.Enrolled]);
    }

    [Fact]
    public async Task A_consent_that_was_withdrawn_is_not_brought_back_by_the_old_table()
    {
        var table = _folder.Table("number,name,photo,consent\n1001,One,1.jpg,file 1\n");
        await _folder.ImportAsync(table);
        await _folder.Site.Directory.WithdrawConsentAsync(Site.Tenant, "1001");

        var again = (await _folder.ImportAsync(table)).ShouldHaveSingleItem();

        again.Outcome.ShouldBe(ImportOutcome.NoConsent);
        again.Reason.ShouldContain("withdrawn");
        _folder.Site.Gallery.Content.TemplateCount.ShouldBe(0);
    }

    [Fact]
    public async Task Bad_rows_are_told_with_their_line_and_the_rest_goes_on()
    {
        var lines = await _folder.ImportAsync(_folder.Table(
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

    [Fact]
    public async Task One_open_quotation_mark_behind_another_swallows_no_row()
    {
        var lines = await _folder.ImportAsync(_folder.Table(
            """
            number,name,photo,consent
            1001,"One,1.jpg,file
            1002,"Two,2.jpg,file
            1003,Three,3.jpg,file
            """));

        lines.Select(line => (line.Line, line.Outcome)).ShouldBe([(2, ImportOutcome.BadRow), (3, ImportOutcome.BadRow), (4, ImportOutcome.Enrolled)]);
        lines[1].Reason.ShouldContain("quotation mark");
    }

    [Theory]
    [InlineData("1002,\"Two,2.jpg,file")]
    [InlineData("1002,\"Two,2.jpg,file\n")]
    [InlineData("1002,Two,2.jpg,\"file")]
    [InlineData("1002,Two,2.jpg,file \"12")]
    [InlineData("\"1002,Two,2.jpg,file\r\n\r\n")]
    public async Task A_quotation_mark_that_is_open_at_the_end_of_the_table_is_told_with_its_line(string last)
    {
        var lines = await _folder.ImportAsync(_folder.Table($"number,name,photo,consent\n1001,One,1.jpg,file\n{last}"));

        lines.Select(line => (line.Line, line.Number, line.Outcome)).ShouldBe([(2, "1001", ImportOutcome.Enrolled), (3, "1002", ImportOutcome.BadRow)]);
        lines[1].Reason.ShouldContain("quotation mark");
        (await _folder.Site.Directory.FindAsync(Site.Tenant, "1002")).ShouldBeNull();
    }

    [Fact]
    public void A_mark_or_a_line_without_an_end_takes_no_other_row_with_it_however_large_the_table()
    {
        var table = new StringBuilder("number,name,other\n1,\"One,x\n2,Two,").Append('x', 17 << 20).Append("\n3,Three,x\n");

        using var source = ImportSource.Open(_folder.Table(table.ToString()), null, new PeopleImportOptions());

        source.Rows.Select(row => (row.Line, row.Number, row.Fault is null)).ShouldBe([(2, "1", false), (3, "2", false), (4, "3", true)]);
        source.Rows[1].Fault!.ShouldContain("characters");
        ImportFolder.Refusal(_folder.Table("number,\"name\n1,One\n")).ShouldContain("quotation mark");
    }

    [Fact]
    public async Task A_table_says_who_resembles_whom_and_is_another_and_only_that_is_believed()
    {
        for (var shade = 2; shade <= 4; shade++)
            _folder.Site.Faces.Show(shade, Directions.Near(Directions.Any(1), 0.7, shade));
        var table = _folder.Table("number,name,photo,consent,lookalike\n1001,One,1.jpg,file,\n1002,Two,2.jpg,file,1001\n1003,Three,3.jpg,file,9999\n1004,Four,4.jpg,file,no one\n1005,Five,5.jpg,file,a/b\n");

        var lines = await _folder.ImportAsync(table);
        var again = await _folder.ImportAsync(table);

        lines.Select(line => line.Outcome).ShouldBe([ImportOutcome.Enrolled, ImportOutcome.Enrolled, ImportOutcome.Refused, ImportOutcome.Refused, ImportOutcome.BadRow]);
        lines[1].OperatorNote.ShouldContain("1001");
        lines[2].Code.ShouldBe(EnrolmentCode.KnownAsAnother);
        lines[4].Reason.ShouldContain("lookalike");
        again[1].Outcome.ShouldBe(ImportOutcome.Unchanged);
        var person = (await _folder.Site.Store.FindAsync(Site.Tenant, "1002"))!;
        var said = (await _folder.Site.Store.LookalikesOfAsync(person.Id)).ShouldHaveSingleItem();
        (said.Number, said.Source).ShouldBe(("1001", "import"));
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
        var path = Path.Combine(_folder.Root, "people.csv");
        await File.WriteAllBytesAsync(path, [.. mark ? coder.GetPreamble() : [], .. coder.GetBytes(text)]);

        using var source = ImportSource.Open(path, null, new PeopleImportOptions());
        await _folder.ImportAsync(path);

        source.Encoding.ShouldBe(read);
        var person = (await _folder.Site.Directory.FindAsync(Site.Tenant, "1001"))!;
        (person.Name, person.ConsentSource, person.TemplateCount).ShouldBe(("员工一", "书面同意", 1));
    }

    [Fact]
    public async Task Columns_may_come_in_any_order_with_others_between_and_any_separator()
    {
        var lines = await _folder.ImportAsync(_folder.Table("Consent;Department; NAME ;Number;photo\npaper;x;One;1001;1.jpg\n"));
        var tabs = await _folder.ImportAsync(_folder.Table("number\tname\tphoto\tconsent\n1002\tTwo\t2.jpg\tpaper\n"));

        lines.ShouldHaveSingleItem().Outcome.ShouldBe(ImportOutcome.Enrolled);
        tabs.ShouldHaveSingleItem().Outcome.ShouldBe(ImportOutcome.Enrolled);
    }

    [Fact]
    public void Tables_that_are_none_are_refused_as_a_whole_with_the_cure()
    {
        ImportFolder.Refusal(_folder.Table("")).ShouldContain("number,name,photo,consent");
        ImportFolder.Refusal(_folder.Table("name,photo\nOne,1.jpg\n")).ShouldContain("no column 'number'");
        ImportFolder.Refusal(_folder.Table("number,name,name\n")).ShouldContain("two columns named 'name'");
        ImportFolder.Refusal(_folder.Table("number,name\n1,One\n2,Two\n"), new PeopleImportOptions { MaxRows = 1 }).ShouldContain("PeopleImport:MaxRows");
        ImportFolder.Refusal(Path.Combine(_folder.Root, "none.csv")).ShouldContain("There is no table");
        File.WriteAllBytes(Path.Combine(_folder.Root, "noise.csv"), [0xFF, 0xFF, 0x81, 0x00]);
        ImportFolder.Refusal(Path.Combine(_folder.Root, "noise.csv")).ShouldContain("CSV UTF-8");
        File.WriteAllBytes(Path.Combine(_folder.Root, "large.csv"), new byte[(1 << 20) + 1]);
        ImportFolder.Refusal(Path.Combine(_folder.Root, "large.csv"), new PeopleImportOptions { MaxTableMiB = 1 }).ShouldContain("PeopleImport:MaxTableMiB");
    }
}
