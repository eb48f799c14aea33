using System.Security.Cryptography.X509Certificates;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>A server without models that serves over TLS as well, with a certificate that it made itself.</summary>
public sealed class TlsDeviceServer : IAsyncLifetime
{
    private readonly DirectoryInfo _noModels = Directory.CreateTempSubdirectory("mediascore-no-models-");

    internal TestServer Server { get; private set; } = null!;

    internal ConsoleCaller Console { get; private set; } = null!;

    internal string Https => Server.Host.Addresses.Https[0];

    /// <summary>That the server shows.</summary>
    internal X509Certificate2 Made { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(null, ("Models:Prepared", _noModels.FullName), ("Server:HttpsPort", "0"));
        Console = new ConsoleCaller(Server);
        Made = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Server.DataFolder, "https.pem"));
    }

    public async ValueTask DisposeAsync()
    {
        Made.Dispose();
        Console.Dispose();
        await Server.DisposeAsync();
        _noModels.Delete(recursive: true);
    }
}
