using System.Text.Json;
using MediaScore.Sender;

if (args.Length == 0 || args.Contains("--help"))
{
    Console.WriteLine(SenderArguments.Usage);
    return args.Length == 0 ? 2 : 0;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};

try
{
    var arguments = SenderArguments.Parse(args);
    var result = await new SenderRun(arguments, TimeProvider.System, Console.Error).RunAsync(interrupted.Token);
    if (arguments.Json)
    {
        Console.WriteLine(JsonSerializer.Serialize(result, ResultJson.Default.RunResult));
    }
    else
    {
        foreach (var sender in result.Senders)
        {
            Console.WriteLine(sender.Error is not null
                ? $"{sender.Whip}: {sender.Error}"
                : $"{sender.Whip}: connected in {sender.ConnectMs:0} ms, {sender.Statistics!.SrtpProfile}, {sender.Statistics.AudioPacketCount} packets of sound, {sender.Statistics.VideoPacketCount} of pictures, "
                  + $"{sender.Statistics.RetransmittedCount} sent again, {sender.Statistics.PliCount} key frames asked, {sender.Statistics.DisconnectCount} times disconnected");
        }

        Console.WriteLine($"{result.PacketsSent} datagrams in {result.Seconds:0.0} s, {result.CpuPercent:0.0} % of a core, at most {result.WorstDelayMs:0.0} ms late.");
    }

    return result.Senders.All(sender => sender.Error is null) ? 0 : 1;
}
catch (Exception error) when (error is FormatException or InvalidDataException or IOException or InvalidOperationException or OperationCanceledException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}
