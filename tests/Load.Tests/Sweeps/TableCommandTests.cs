using MediaScore.Load.Results;
using MediaScore.Load.Sweeps;

namespace MediaScore.Load.Tests.Sweeps;

public sealed class TableCommandTests : IDisposable
{
    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("load-table-");

    [Fact]
    public async Task A_row_and_a_sweep_of_rows_give_one_table()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (single, sweep) = (_output.CreateSubdirectory("single").FullName, _output.CreateSubdirectory("sweep"));
        await LoadJson.WriteAsync(Rows.Make(1, transport: "grpc"), single, cancellation);
        await LoadJson.WriteAsync(Rows.Make(10), sweep.CreateSubdirectory("010").FullName, cancellation);
        await LoadJson.WriteAsync(Rows.Make(25), sweep.CreateSubdirectory("025").FullName, cancellation);

        var table = await TableCommand.RunAsync([single, sweep.FullName], cancellation);

        table.ShouldContain("| gRPC | 1 |");
        table.ShouldContain("| WebRTC | 10 |");
        table.ShouldContain("| WebRTC | 25 |");
        table.ShouldContain("commit 0123456789ab");
    }

    [Fact]
    public async Task A_folder_without_rows_is_an_error_that_says_what_to_name()
    {
        var error = await Should.ThrowAsync<InvalidDataException>(() => TableCommand.RunAsync([_output.FullName], TestContext.Current.CancellationToken));

        error.Message.ShouldContain("--output");
    }

    public void Dispose() => _output.Delete(recursive: true);
}
