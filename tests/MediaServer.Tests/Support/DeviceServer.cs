namespace MediaScore.MediaServer.Tests.Support;

/// <summary>A server without any model: devices need none, and it starts at once. One for all tests of a class, each with devices and people of its own.</summary>
public sealed class DeviceServer : IAsyncLifetime
{
    private readonly DirectoryInfo _noModels = Directory.CreateTempSubdirectory("mediascore-no-models-");

    internal TestServer Server { get; private set; } = null!;

    internal ConsoleCaller Console { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(null, ("Models:Prepared", _noModels.FullName), ("Devices:TimeZone", "Europe/Berlin"));
        Console = new ConsoleCaller(Server);
    }

    public async ValueTask DisposeAsync()
    {
        Console.Dispose();
        await Server.DisposeAsync();
        _noModels.Delete(recursive: true);
    }
}
