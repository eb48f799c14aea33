using MediaScore.Load;
using MediaScore.Load.Results;
using MediaScore.Load.Server;
using MediaScore.TestMedia;

var time = TimeProvider.System;
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};

try
{
    var options = LoadOptions.Parse(args);
    var folder = options.Output ?? Path.Combine(SharedTestData.RepositoryRoot, "artifacts", "load", time.GetLocalNow().ToString("yyyyMMdd-HHmmss", null));
    Directory.CreateDirectory(folder);
    var row = await LoadRun.RunAsync(options, folder, repeat: 1, Console.Error, time, interrupted.Token);
    await Console.Out.WriteLineAsync(options.Json ? LoadJson.Line(row) : RowText.Write(row));
    await Console.Error.WriteLineAsync($"Written to {folder}");
    return 0;
}
catch (Exception e) when (e is FormatException or ServerStartException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Interrupted; nothing was written.");
    return 130;
}
