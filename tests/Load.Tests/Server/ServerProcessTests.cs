using MediaScore.Load.Server;

namespace MediaScore.Load.Tests.Server;

/// <summary>The real server. Needs the prepared models, as every test of the whole does.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("load-server-");

    [Fact]
    public async Task A_server_is_watched_from_outside_and_leaves_nothing_behind()
    {
        var cancellation = TestContext.Current.CancellationToken;
        string data;
        await using (var server = await ServerProcess.StartAsync(new ServerProcessOptions { OutputFolder = _output.FullName, Settings = new Dictionary<string, string> { ["Admission:MinFreeDiskMiB"] = "1" } }, TimeProvider.System, cancellation))
        {
            data = server.DataFolder;
            Directory.EnumerateFileSystemEntries(data).ShouldNotBeEmpty();
            await using var sampler = new UsageSampler(server, TimeProvider.System, TimeSpan.FromMinutes(1));
            await sampler.BeginAsync(cancellation);
            // Something to count: pages cost a little.
            using var http = new HttpClient();
            for (var i = 0; i < 50; i++)
                (await http.GetAsync(new Uri(server.Http, "/healthz"), cancellation)).EnsureSuccessStatusCode();
            var usage = await sampler.EndAsync(interviewSeconds: 1, cancellation);

            usage.CpuMsPerInterviewSecond.ShouldBeGreaterThan(0);
            usage.Stages.Sum(s => s.CpuMsPerInterviewSecond).ShouldBe(usage.CpuMsPerInterviewSecond, usage.CpuMsPerInterviewSecond * 0.5);
            usage.Memory.MaxMiB.ShouldBeGreaterThan(50);
            usage.HandlesEnd.ShouldBeGreaterThan(10);
            var environment = await EnvironmentProbe.DescribeAsync(server, cancellation);
            environment.OnnxRuntime.ShouldNotBe("unknown");
            environment.Models.ShouldContain(m => m.Model == "silero-vad" && m.Files.All(f => f.Sha256.Length == 64));
            environment.Models.ShouldContain(m => m.Model == "moonshine-tiny-en" && m.Precision.StartsWith("int8", StringComparison.Ordinal));
            environment.Models.ShouldContain(m => m.Model == "silero-vad" && m.Precision == "float");
            environment.ServerSettings.ShouldBe(["Admission:MinFreeDiskMiB=1"]);
        }

        Directory.Exists(data).ShouldBeFalse();
        File.Exists(Path.Combine(_output.FullName, "server.log")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_done_with_a_server_is_given_up_when_it_ends()
    {
        await using var server = await ServerProcess.StartAsync(new ServerProcessOptions { OutputFolder = _output.FullName }, TimeProvider.System, TestContext.Current.CancellationToken);
        var begun = new TaskCompletionSource();

        var work = server.WhileItRunsAsync(
            async cancellation =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
                return 0;
            },
            TestContext.Current.CancellationToken);
        await begun.Task;
        using (var process = System.Diagnostics.Process.GetProcessById(server.ProcessId))
            process.Kill();

        (await Should.ThrowAsync<InvalidOperationException>(() => work)).Message.ShouldContain("server.log");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_told_of_in_words()
    {
        // It takes connections and says nothing.
        using var deaf = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        deaf.Start();
        await using var sampler = new UsageSampler(new Uri($"http://{deaf.LocalEndpoint}/metrics"), Environment.ProcessId, TimeProvider.System, answerLimit: TimeSpan.FromMilliseconds(20));

        (await Should.ThrowAsync<InvalidOperationException>(() => sampler.BeginAsync(TestContext.Current.CancellationToken))).Message.ShouldContain("server.log");
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why()
    {
        var options = new ServerProcessOptions { OutputFolder = _output.FullName, Settings = new Dictionary<string, string> { ["Server:HttpPort"] = "99999" } };

        var error = await Should.ThrowAsync<ServerStartException>(() => ServerProcess.StartAsync(options, TimeProvider.System, TestContext.Current.CancellationToken));

        error.Message.ShouldContain("HttpPort");
        error.Message.ShouldContain("server.log");
    }

    public void Dispose() => _output.Delete(recursive: true);
}
