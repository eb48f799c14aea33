using System.Globalization;
using MediaScore.LossTable;
using MediaScore.MediaServer.Hosting;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Running;
using MediaScore.TestMedia;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

// dotnet run -c Release --project load-tests/LossTable -- [--minutes N] [--parallel N] [--only TEXT]
// Real speech with known words, sent through bad networks into a whole server in this process; the table goes to the standard output, progress to the standard error.
var minutes = Option("--minutes", 5, 1, 30);
var parallel = Option("--parallel", 4, 1, 20);
var only = args.SkipWhile(word => word != "--only").ElementAtOrDefault(1);
var scenarios = Scenario.All.Where(scenario => only is null || scenario.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();

var time = TimeProvider.System;
var clip = await SpokenClip.MakeAsync(TimeSpan.FromMinutes(minutes), CancellationToken.None);
await Console.Error.WriteLineAsync($"{scenarios.Count} scenarios of {clip.Audio.Duration.TotalSeconds:0} s, {TranscriptNormalizer.Words(clip.Reference).Count} words, {parallel} at once.");
var data = Directory.CreateTempSubdirectory("loss-table-");
try
{
    var configuration = new ConfigurationBuilder().AddInMemoryCollection(
    [
        new("Server:DataFolder", data.FullName),
        new("Server:HttpPort", "0"),
        new("Server:GrpcPort", "0"),
        new("Server:HttpsPort", "-1"),
        new("Server:PlansFolder", Path.Combine(SharedTestData.RepositoryRoot, "plans")),
        new("Models:Prepared", SharedTestData.PreparedModels),
        new("Models:Catalog", Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")),
        new("WebRtc:UdpPort", "0"),
        new("WebRtc:TcpPort", "0"),
        // The machine that measures may be full of other things.
        new("Admission:MinFreeDiskMiB", "0"),
        new("Admission:JudgeLoad", "false"),
    ]).Build();
    await using var host = await MediaServerHost.StartAsync(configuration, NullLoggerFactory.Instance, time, CancellationToken.None);
    await using var runner = new PeerRunner(new PeerRunnerOptions(), time);
    using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
    var run = new ScenarioRun(host, runner, http, clip, PeerIdentity.Create(time), time);
    using var places = new SemaphoreSlim(parallel);
    var outcomes = await Task.WhenAll(scenarios.Select(async (scenario, number) =>
    {
        await places.WaitAsync();
        try
        {
            var outcome = await run.RunAsync(scenario, number, CancellationToken.None);
            await Console.Error.WriteAsync(MarkdownTable.Write([outcome]).Split('\n')[2] + "\n");
            return outcome;
        }
        finally
        {
            places.Release();
        }
    }));
    Console.Write(MarkdownTable.Write(outcomes));
    await Console.Error.WriteLineAsync($"The senders were at most {runner.WorstDelay.TotalMilliseconds:0} ms late.");
    return outcomes.All(outcome => outcome.Fault is null) ? 0 : 1;
}
finally
{
    data.Delete(recursive: true);
}

int Option(string name, int standard, int least, int most)
{
    var text = args.SkipWhile(word => word != name).ElementAtOrDefault(1);
    return text is null ? standard : Math.Clamp(int.Parse(text, CultureInfo.InvariantCulture), least, most);
}
