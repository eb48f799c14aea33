using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting.Https;
using MediaScore.MediaServer.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.MediaServer.Tests.Hosting;

public sealed class HttpsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mediascore-https-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Pages_answer_over_HTTPS_with_the_certificate_that_the_server_made()
    {
        Assert.SkipUnless(TestServer.HasModels, TestServer.ModelsSkipReason);
        await using var server = await TestServer.StartAsync(settings: ("Server:HttpsPort", "0"));
        var url = server.Host.Addresses.Https.ShouldHaveSingleItem();
        // As a browser whose user has said that this very certificate is to be trusted: its name and its dates must still be right.
        using var made = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(server.DataFolder, "https.pem"));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { made }, RevocationMode = X509RevocationMode.NoCheck };
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } })
        {
            BaseAddress = new Uri(url),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var health = await http.GetAsync("/healthz", TestContext.Current.CancellationToken);
        using var metrics = await http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        using var grpc = await http.GetAsync("/mediascore.interview.v1.InterviewService/CreateInterview", TestContext.Current.CancellationToken);

        url.ShouldStartWith("https://127.0.0.1:");
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        health.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        made.GetCertHashString(HashAlgorithmName.SHA256).ShouldBe(server.Host.Certificate!.Fingerprint.Replace(":", "", StringComparison.Ordinal));
        // The HTTPS port may be open to a whole network.
        metrics.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        grpc.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        // Who opens connections without end does not take every handle of the process.
        var limits = server.Host.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        limits.MaxConcurrentConnections.ShouldNotBeNull().ShouldBeLessThan(10_000);
    }

    [Fact]
    public void An_owners_certificate_is_shown_and_a_renewed_one_taken_up()
    {
        var file = WriteOwn("cert.pem", DateTime.UnixEpoch.AddDays(1));
        var certificate = new HttpsCertificate(new ServerOptions { CertificateFile = file }, _folder.FullName, CertificateNames.OfThisMachine, _time);
        var first = certificate.Fingerprint;

        certificate.Refresh().ShouldBeFalse();
        WriteOwn("cert.pem", DateTime.UnixEpoch.AddDays(2));

        certificate.Refresh().ShouldBeTrue();
        certificate.Fingerprint.ShouldNotBe(first);
        certificate.IsMade.ShouldBeFalse();
        File.Exists(Path.Combine(_folder.FullName, "https.pem")).ShouldBeFalse();
    }

    [Fact]
    public void A_new_address_brings_another_made_certificate()
    {
        var names = new CertificateNames(["localhost"], [IPAddress.Loopback]);
        var certificate = new HttpsCertificate(new ServerOptions(), _folder.FullName, () => names, _time);
        var first = certificate.Fingerprint;

        certificate.Refresh().ShouldBeFalse();
        names = new CertificateNames(["localhost"], [IPAddress.Loopback, IPAddress.Parse("192.168.7.3")]);

        certificate.Refresh().ShouldBeTrue();
        certificate.Fingerprint.ShouldNotBe(first);
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_is_named()
    {
        var fault = Should.Throw<CliException>(() => new HttpsCertificate(new ServerOptions { CertificateFile = "/nowhere/cert.pem" }, _folder.FullName, CertificateNames.OfThisMachine, _time));

        fault.Message.ShouldContain("/nowhere/cert.pem");
    }

    private string WriteOwn(string name, DateTime writtenAt)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=interviews.example.com", key, HashAlgorithmName.SHA256).CreateSelfSigned(_time.GetUtcNow(), _time.GetUtcNow().AddDays(90));
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(file, writtenAt);
        return file;
    }
}
