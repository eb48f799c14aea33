using System.Text.Json;
using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.TestMedia;

namespace MediaScore.MediaServer.Tests.Cli;

public sealed class CliTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mediascore-cli-");

    [Fact]
    public async Task Json_is_one_object_a_line_and_nothing_else()
    {
        var (version, _, _) = await RunAsync("version", "--json");
        var (doctor, _, _) = await RunAsync("doctor", "--json", "--data", _folder.FullName);

        JsonDocument.Parse(version).RootElement.GetProperty("product").GetString().ShouldBe("mediascore");
        var findings = doctor.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()).ToList();
        foreach (var name in new[] { "cpu", "ffmpeg", "models", "disk", "fsync" })
            findings.ShouldContain(name);
    }

    [Fact]
    public async Task Faults_of_the_call_are_exit_status_2_and_json_on_demand()
    {
        var (_, error, unknown) = await RunAsync("dance");
        var (json, _, missing) = await RunAsync("interview", Path.Combine(_folder.FullName, "no.mp4"), "--plan", "store-manager", "--json");
        var (_, noPlan, noPlanExit) = await RunAsync("interview", "x.mp4");

        unknown.ShouldBe((int)ExitCode.BadInput);
        error.ShouldContain("dance");
        missing.ShouldBe((int)ExitCode.BadInput);
        JsonDocument.Parse(json).RootElement.GetProperty("error").GetString()!.ShouldContain("There is no file");
        noPlanExit.ShouldBe((int)ExitCode.BadInput);
        noPlan.ShouldContain("--plan is missing");
    }

    [Fact]
    public async Task A_setting_of_the_wrong_kind_and_a_broken_settings_file_are_faults_of_the_call()
    {
        var broken = Path.Combine(_folder.FullName, "broken.json");
        await File.WriteAllTextAsync(broken, "{ \"Server\": ", TestContext.Current.CancellationToken);

        var (_, word, wordExit) = await RunAsync("serve", "--set", "Server:HttpPort=high", "--data", _folder.FullName);
        var (_, file, fileExit) = await RunAsync("serve", "--config", broken, "--data", _folder.FullName);

        wordExit.ShouldBe((int)ExitCode.BadInput);
        word.ShouldContain("'high' at 'Server:HttpPort'");
        fileExit.ShouldBe((int)ExitCode.BadInput);
        file.ShouldContain("is no JSON");
    }

    [Fact]
    public async Task A_report_is_looked_for_where_interviews_are()
    {
        var (_, error, exit) = await RunAsync("report", "abc", "--data", Path.Combine(_folder.FullName, "elsewhere"));

        exit.ShouldBe((int)ExitCode.BadInput);
        error.ShouldContain("There are no interviews at");
        Directory.Exists(Path.Combine(_folder.FullName, "elsewhere")).ShouldBeFalse();
    }

    [Fact]
    public async Task Files_are_transcribed_through_the_whole_server_and_a_bad_one_harms_no_other()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        Assert.SkipWhen(TestSound.SpeechFile is null, SharedTestData.SkipReason);
        var empty = Path.Combine(_folder.FullName, "empty.wav");
        await File.WriteAllBytesAsync(empty, [], TestContext.Current.CancellationToken);

        var (output, _, exit) = await RunAsync(
            "transcribe", empty, TestSound.SpeechFile!, "--json", "--data", _folder.FullName, "--models", SharedTestData.PreparedModels,
            "--set", $"Models:Catalog={Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")}", "--set", "Admission:MinFreeDiskMiB=0");

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        lines.Count.ShouldBe(2);
        lines.Single(l => l.GetProperty("file").GetString() == empty).GetProperty("error").GetString()!.ShouldContain("0 bytes");
        var speech = lines.Single(l => l.GetProperty("file").GetString() == TestSound.SpeechFile);
        speech.GetProperty("text").GetString()!.Split(' ').Length.ShouldBeGreaterThan(2);
        speech.GetProperty("utterances")[0].GetProperty("words").GetArrayLength().ShouldBeGreaterThan(0);
        speech.GetProperty("models")[0].GetProperty("id").GetString().ShouldBe("moonshine-tiny-en");
        exit.ShouldBe((int)ExitCode.BadInput);
    }

    [Fact]
    public async Task An_invitation_prints_two_links_of_a_running_server_with_a_token_each()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync();

        var (output, _, exit) = await RunAsync("invite", "--plan", "store-manager", "--language", "zh", "--policy", "cn", "--reference", "K-1", "--server", server.Host.Addresses.Grpc, "--json");
        var (_, nobody, nobodyExit) = await RunAsync("invite", "--plan", "store-manager", "--server", "http://127.0.0.1:1");

        exit.ShouldBe(0);
        var line = JsonDocument.Parse(output).RootElement;
        var id = line.GetProperty("interviewId").GetString();
        line.GetProperty("candidateUrl").GetString().ShouldStartWith($"{server.Host.Addresses.Http}/interviews/{id}?token=");
        line.GetProperty("reportUrl").GetString().ShouldBe($"{server.Host.Addresses.Http}/interviews/{id}/report?token={line.GetProperty("accessToken").GetString()}");
        var row = server.Host.Registry.Find(id!)!.Row;
        (row.Invited, row.ConsentPending, row.Language, row.PolicyProfile, row.CandidateReference).ShouldBe((true, true, "zh", "cn", "K-1"));
        nobodyExit.ShouldBe((int)ExitCode.ServerRefused);
        nobody.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task An_invitation_prints_the_links_of_the_network_too_and_says_where_there_are_none()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var here = await TestServer.StartAsync(null, ("Server:HttpsPort", "0"));
        await using var everywhere = await TestServer.StartAsync(null, ("Server:HttpsPort", "0"), ("Server:HttpsAddress", "0.0.0.0"));
        var reached = everywhere.Host.Addresses.Https.Where(url => !new Uri(url).IsLoopback).ToList();

        var (local, _, _) = await RunAsync("invite", "--plan", "store-manager", "--server", here.Host.Addresses.Grpc);
        var (json, _, _) = await RunAsync("invite", "--plan", "store-manager", "--server", everywhere.Host.Addresses.Grpc, "--json");
        var (text, _, _) = await RunAsync("invite", "--plan", "store-manager", "--server", everywhere.Host.Addresses.Grpc);

        local.ShouldContain("--lan");
        local.ShouldNotContain("https://");
        var line = JsonDocument.Parse(json).RootElement;
        var path = new Uri(line.GetProperty("candidateUrl").GetString()!).PathAndQuery;
        line.GetProperty("candidateLanUrls").EnumerateArray().Select(u => u.GetString()).ShouldBe(reached.Select(url => url + path));
        foreach (var url in reached)
            text.ShouldContain($"{url}/interviews/");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<(string Output, string Error, int Exit)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CliApplication.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return (output.ToString(), error.ToString(), exit);
    }
}
