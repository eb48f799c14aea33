using MediaScore.Load.Results;
using MediaScore.Load.Server;
using MediaScore.Load.Sweeps;

namespace MediaScore.Load.Tests.Sweeps;

public sealed class SweepTests : IDisposable
{
    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("load-sweep-");

    [Fact]
    public async Task Every_load_runs_as_often_as_asked_and_the_overview_links_to_each()
    {
        var sweep = new Sweep(_output.FullName, RunAsync, TextWriter.Null);

        await sweep.RunAsync([1, 10], repeats: 2, TestContext.Current.CancellationToken);

        sweep.Rows.Select(r => (r.Driver.Interviews, r.Repeat)).ShouldBe([(1, 1), (1, 2), (10, 1), (10, 2)]);
        var overview = await File.ReadAllTextAsync(Path.Combine(_output.FullName, OverviewPage.FileName), TestContext.Current.CancellationToken);
        foreach (var folder in (string[])["001", "001-2", "010", "010-2"])
            overview.ShouldContain($"href=\"{folder}/report.html\"");
    }

    public static TheoryData<Exception> Faults =>
        [new ServerStartException("it broke"), new InvalidDataException("it broke"), new IOException("it broke"), new TaskCanceledException("it broke"), new TimeoutException("it broke"), new HttpRequestException("it broke")];

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Faults))]
    public async Task A_load_that_breaks_the_server_is_noted_and_the_next_one_runs(Exception fault)
    {
        var sweep = new Sweep(_output.FullName, (interviews, repeat, folder, cancellation) => interviews == 10 ? throw fault : RunAsync(interviews, repeat, folder, cancellation), TextWriter.Null);

        await sweep.RunAsync([1, 10, 25], repeats: 1, TestContext.Current.CancellationToken);

        sweep.Rows.Select(r => r.Driver.Interviews).ShouldBe([1, 25]);
        sweep.Faults.ShouldBe(["010: it broke"]);
    }

    [Fact]
    public void Of_equal_runs_the_table_has_the_median_and_what_was_least_and_most()
    {
        var table = MarkdownTable.Write([Rows.Make(100, 900), Rows.Make(100, 1000, repeat: 2), Rows.Make(100, 1400, repeat: 3), Rows.Make(1, 500)]);

        table.ShouldContain("1,000 (900 to 1,400)");
        table.Split('\n').Count(line => line.StartsWith("| WebRTC", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public void Losses_of_equal_runs_are_summed_not_averaged()
    {
        var table = MarkdownTable.Write([Rows.Make(10), Rows.Make(10, audioLost: 7, repeat: 2)]);

        table.ShouldContain("7 of 60,000");
        table.ShouldContain("1 of 2");
    }

    [Fact]
    public async Task A_row_comes_back_from_its_file_as_it_was_written()
    {
        var row = Rows.Make();

        await LoadJson.WriteAsync(row, _output.FullName, TestContext.Current.CancellationToken);
        var read = await LoadJson.ReadAsync(_output.FullName, TestContext.Current.CancellationToken);

        LoadJson.Line(read).ShouldBe(LoadJson.Line(row));
        LoadJson.Line(row).ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_folder_without_a_row_is_named_in_the_error()
    {
        var error = await Should.ThrowAsync<InvalidDataException>(() => LoadJson.ReadAsync(_output.FullName, TestContext.Current.CancellationToken));

        error.Message.ShouldContain(_output.FullName);
    }

    public void Dispose() => _output.Delete(recursive: true);

    private static async Task<LoadRow> RunAsync(int interviews, int repeat, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var row = Rows.Make(interviews, repeat: repeat);
        await LoadJson.WriteAsync(row, folder, cancellation);
        return row;
    }
}
