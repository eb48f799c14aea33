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
    public async Task Rows_with_terminals_are_rows_of_their_own_and_keep_their_figures_on_disk()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await LoadJson.WriteAsync(Rows.Make(50), _output.CreateSubdirectory("without").FullName, cancellation);
        var with = _output.CreateSubdirectory("with").FullName;
        await LoadJson.WriteAsync(Rows.With(Rows.Make(50), 20), with, cancellation);

        var table = await TableCommand.RunAsync([_output.FullName], cancellation);

        table.ShouldContain("| WebRTC | 50 |");
        table.ShouldContain("| WebRTC and 20 terminals | 50 |");
        table.ShouldContain("| WebRTC 50 and 20 terminals | 20 | 2 |");
        table.ShouldContain("7 of 2,007");
        var terminals = (await LoadJson.ReadAsync(with, cancellation)).Driver.Terminals.ShouldNotBeNull();
        (terminals.Count, terminals.BusyFrames, terminals.DecisionCount, terminals.FrameToDecision.P99).ShouldBe((20, 7L, 200L, 120d));
        LoadJson.Line(await LoadJson.ReadAsync(with, cancellation)).ShouldContain("\"busyFrames\":7");
    }

    [Fact]
    public async Task A_folder_without_rows_is_an_error_that_says_what_to_name()
    {
        var error = await Should.ThrowAsync<InvalidDataException>(() => TableCommand.RunAsync([_output.FullName], TestContext.Current.CancellationToken));

        error.Message.ShouldContain("--output");
    }

    public void Dispose() => _output.Delete(recursive: true);
}
