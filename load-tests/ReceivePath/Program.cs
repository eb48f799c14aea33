using System.Text.Json;
using MediaScore.ReceivePath;

if (args.Contains("--help"))
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

try
{
    var arguments = Arguments.Parse(args);
    if (arguments.Whip is not null)
        return await SenderProcess.RunAsync(arguments, TimeProvider.System);
    var result = await new Measurement(arguments, TimeProvider.System).RunAsync();
    if (arguments.Json)
        Console.WriteLine(JsonSerializer.Serialize(result, ResultJson.Default.ReceivePathResult));
    else
        Console.WriteLine(result.ToTable());
    return 0;
}
catch (Exception error) when (error is FormatException or IOException or InvalidOperationException or TimeoutException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}
