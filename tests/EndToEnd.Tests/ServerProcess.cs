using System.Diagnostics;
using System.Text.Json;

namespace MediaScore.EndToEnd.Tests;

/// <summary>A server in a process of its own, so that it can be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string http, string grpc, Task<string> log) => (_process, Http, Grpc, Log) = (process, http, grpc, log);

    public string Http { get; }

    public string Grpc { get; }

    /// <summary>All that it wrote to standard error; completes with its end.</summary>
    public Task<string> Log { get; }

    /// <param name="grpcPort">0 takes a free one.</param>
    /// <param name="settings">As <c>--set</c> takes them.</param>
    public static async Task<ServerProcess> StartAsync(string dataFolder, int grpcPort = 0, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in new[]
                 {
                     Path.Combine(AppContext.BaseDirectory, "mediascore.dll"), "serve", "--json", "--data", dataFolder, "--models", TestMedia.SharedTestData.PreparedModels,
                     "--http-port", "0", "--https-port", "-1", "--grpc-port", grpcPort.ToString(),
                     "--set", "WebRtc:UdpPort=0", "--set", "WebRtc:TcpPort=0",
                 })
            start.ArgumentList.Add(argument);
        foreach (var setting in settings)
        {
            start.ArgumentList.Add("--set");
            start.ArgumentList.Add(setting);
        }

        start.Environment["MEDIASCORE_HOME"] = TestMedia.SharedTestData.RepositoryRoot;
        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        // Drained, or a full pipe would stop the server.
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
        if (line is null)
        {
            process.Kill();
            throw new InvalidOperationException("The server ended before it listened: " + await errors);
        }

        _ = process.StandardOutput.ReadToEndAsync();
        var listening = JsonDocument.Parse(line).RootElement;
        return new ServerProcess(process, listening.GetProperty("http").GetString()!, listening.GetProperty("grpc").GetString()!, errors);
    }

    /// <summary>SIGSTOP: neither page nor media get an answer, as behind a dead network; until <see cref="ContinueAsync"/>.</summary>
    public Task StopAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>SIGKILL: no handler runs, no buffer is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    private async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
