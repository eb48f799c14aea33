namespace MediaScore.MediaServer.Tests.Support;

/// <summary>A server without models that takes every device as it comes, with a port for devices and a broker of its own.</summary>
public sealed class OpenDeviceServer : IAsyncLifetime
{
    private readonly DirectoryInfo _noModels = Directory.CreateTempSubdirectory("mediascore-no-models-");

    internal TestServer Server { get; private set; } = null!;

    internal ConsoleCaller Console { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(
            null, ("Models:Prepared", _noModels.FullName), ("Devices:ApproveNewcomers", "true"), ("Server:DevicesPort", "0"), ("Devices:MqttBroker:Enabled", "true"), ("Devices:MqttBroker:Port", "0"));
        Console = new ConsoleCaller(Server);
    }

    public async ValueTask DisposeAsync()
    {
        Console.Dispose();
        await Server.DisposeAsync();
        _noModels.Delete(recursive: true);
    }
}
