using System.Diagnostics;
using System.Text.Json;

namespace MediaScore.EndToEnd.Tests;

/// <summary>A server in a process of its own, so that it can be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, JsonElement listening, Task<string> log) => (_process, Listening, Log) = (process, listening, log);

    /// <summary>The line that it printed when it listened.</summary>
    public JsonElement Listening { get; }

    public string Http => Listening.GetProperty("http").GetString()!;

    public string Grpc => Listening.GetProperty("grpc").GetString()!;

    /// <summary>All that it wrote to standard error; completes with its end.</summary>
    public Task<string> Log { get; }

    /// <param name="grpcPort">0 takes a free one.</param>
    /// <param name="settings">As <c>--set</c> takes them.</param>
    public static Task<ServerProcess> StartAsync(string dataFolder, int grpcPort = 0, params string[] settings) => StartAsync(dataFolder, grpcPort, 0, settings);

    /// <param name="grpcPort">0 takes a free one.</param>
    /// <param name="httpPort">0 takes a free one.</param>
    /// <param name="settings">As <c>--set</c> takes them.</param>
    public static Task<ServerProcess> StartAsync(string dataFolder, int grpcPort, int httpPort, params string[] settings) =>
        RunAsync(["serve", "--https-port", "-1", .. Everywhere(dataFolder, grpcPort, httpPort), .. settings.SelectMany(s => new[] { "--set", s })]);

    /// <summary>As <c>make run</c> starts it, on free ports.</summary>
    /// <param name="command">What its recipe says behind <c>./mediascore</c>.</param>
    public static Task<ServerProcess> StartDemoAsync(string dataFolder, IEnumerable<string> command) =>
        RunAsync([.. command, "--https-port", "0", .. Everywhere(dataFolder, 0, 0)]);

    private static string[] Everywhere(string dataFolder, int grpcPort, int httpPort) =>
    [
        "--json", "--data", dataFolder, "--models", TestMedia.SharedTestData.PreparedModels, "--http-port", httpPort.ToString(), "--grpc-port", grpcPort.ToString(),
        "--set", "WebRtc:UdpPort=0", "--set", "WebRtc:TcpPort=0",
    ];

    private static async Task<ServerProcess> RunAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "mediascore.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
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
        return new ServerProcess(process, JsonDocument.Parse(line).RootElement, errors);
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
