using System.Diagnostics;
using System.Text.Json;
using MediaScore.Load.Clients;
using MediaScore.TestMedia;

namespace MediaScore.Load.Server;

/// <summary>
/// <c>mediascore serve</c> of this build in a process of its own, on loopback and free ports, with a data folder of its own: what is measured is the program that
/// users run, not a part of the driver.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>
    /// Settings that every load needs. All clients come from one address, which no limit meant for a candidate foresees; the ports are free ones. What decides how much
    /// is carried (pool, admission by load, disk) stays as users have it.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Standard = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Server:Address"] = "127.0.0.1",
        ["Server:HttpPort"] = "0",
        ["Server:GrpcPort"] = "0",
        ["Server:HttpsPort"] = "-1",
        ["WebRtc:UdpPort"] = "0",
        ["WebRtc:TcpPort"] = "-1",
        ["WebRtc:MaxSessions"] = "1000",
        ["WebRtc:MaxHandshakesPerAddress"] = "32",
        ["Whip:MaxConnectionsPerAddress"] = "1000",
        ["Whip:RequestsPerMinutePerAddress"] = "1000000",
        ["Admission:MaxInterviews"] = "1000",
        // Simulated terminals have nobody who looks at their labels.
        ["Devices:ApproveNewcomers"] = "true",
    };

    // A stop closes what is open and answers who waits; longer, and it hangs.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _log;
    private readonly DirectoryInfo? _ownData;
    private readonly Task _drained;
    private readonly TimeProvider _time;

    private ServerProcess(Process process, Listening listening, string log, string dataFolder, DirectoryInfo? ownData, IReadOnlyList<string> settings, Task drained, TimeProvider time)
    {
        (_process, _log, _ownData, _drained, _time) = (process, log, ownData, drained, time);
        (Http, Grpc, DataFolder, Settings) = (listening.Http!, listening.Grpc!, dataFolder, settings);
        Ended = process.WaitForExitAsync();
    }

    public Uri Http { get; }

    public Uri Grpc { get; }

    public int ProcessId => _process.Id;

    public string DataFolder { get; }

    /// <summary>What was set, "Section:Name=value" and "VARIABLE=value".</summary>
    public IReadOnlyList<string> Settings { get; }

    /// <summary>Completes when the process ends, by itself too.</summary>
    public Task Ended { get; }

    /// <exception cref="ServerStartException">It did not come up, or is not ready to interview anybody.</exception>
    public static async Task<ServerProcess> StartAsync(ServerProcessOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var program = ServerProgram.Find();
        var settings = Merge(options.Settings);
        var ownData = options.DataFolder is null ? Directory.CreateTempSubdirectory("mediascore-load-") : null;
        var dataFolder = options.DataFolder ?? ownData!.FullName;
        var log = Path.Combine(options.OutputFolder, "server.log");
        // A process has the priority of the thread that starts it, and an earlier run of a sweep may have left workers that were raised.
        PunctualThread.Lower();
        var process = Process.Start(Describe(program, options, settings, dataFolder)) ?? throw new ServerStartException("dotnet did not start.");
        var drained = DrainAsync(process.StandardError, log);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(options.StartLimit, time, cancellation)
                ?? throw new ServerStartException($"The server ended before it listened. Its words are in {log}: {await LastWordsAsync(drained, log)}");
            // Nothing more is expected there; a full pipe would stop the server.
            var rest = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var listening = JsonSerializer.Deserialize(line, ListeningJson.Default.Listening);
            if (listening is not { Http: not null, Grpc: not null })
                throw new ServerStartException($"The server did not start: {listening?.Error ?? line} Its log is {log}.");
            if (!listening.Ready)
                throw new ServerStartException($"The server is not ready: {string.Join("; ", listening.Reasons)} (make models prepares the models; ./mediascore doctor says more.)");
            List<string> shown = [.. options.Settings.Select(s => $"{s.Key}={s.Value}"), .. options.Environment.Select(v => $"{v.Key}={v.Value}")];
            return new ServerProcess(process, listening, log, dataFolder, ownData, shown, Task.WhenAll(drained, rest), time);
        }
        catch (Exception e)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            ownData?.Delete(recursive: true);
            if (e is TimeoutException)
                throw new ServerStartException($"The server did not listen within {options.StartLimit.TotalSeconds:0} s. Its words are in {log}.", e);
            if (e is JsonException)
                throw new ServerStartException($"The server's first line was not understood. Its words are in {log}.", e);
            throw;
        }
    }

    /// <summary>Does something with the server, and gives it up when the server's process ends: every client would go on to its own time limit otherwise.</summary>
    /// <exception cref="InvalidOperationException">The server ended under it.</exception>
    public async Task<T> WhileItRunsAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var working = work(stop.Token);
        if (await Task.WhenAny(working, Ended) == working)
            return await working;
        await stop.CancelAsync();
        await ((Task)working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new InvalidOperationException($"The server ended by itself, with exit status {_process.ExitCode}. The end of {_log} says why.");
    }

    /// <summary>SIGTERM, then the end of the process; SIGKILL where it does not end. The data folder is deleted where it was made here.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            try
            {
                await Ended.WaitAsync(StopLimit, _time);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
                await Ended;
            }
        }

        await _drained;
        _process.Dispose();
        if (_ownData?.Exists == true)
            _ownData.Delete(recursive: true);
    }

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> settings)
    {
        var all = new Dictionary<string, string>(Standard, StringComparer.Ordinal)
        {
            ["Server:PlansFolder"] = Path.Combine(SharedTestData.RepositoryRoot, "plans"),
            ["Models:Catalog"] = Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json"),
            ["Models:Prepared"] = SharedTestData.PreparedModels,
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return all;
    }

    private static ProcessStartInfo Describe(string program, ServerProcessOptions options, Dictionary<string, string> settings, string dataFolder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in (string[])[program, "serve", "--json", "--data", dataFolder])
            start.ArgumentList.Add(word);
        start.Environment["MEDIASCORE_HOME"] = SharedTestData.RepositoryRoot;
        foreach (var (name, value) in settings)
            start.Environment["MEDIASCORE_" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
        foreach (var (name, value) in options.Environment)
            start.Environment[name] = value;
        return start;
    }

    private static async Task DrainAsync(StreamReader from, string path)
    {
        // Readable while it runs: whoever waits wants to see why.
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 4096, FileOptions.Asynchronous);
        await using (file)
            await from.BaseStream.CopyToAsync(file);
    }

    private static async Task<string> LastWordsAsync(Task drained, string log)
    {
        await drained;
        var lines = await File.ReadAllLinesAsync(log);
        return string.Join(Environment.NewLine, lines.TakeLast(10));
    }
}
