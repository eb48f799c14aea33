using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Simulation;
using MediaScore.MediaServer.Tests.Support;
using MediaScore.Protocol.Device.V1;

namespace MediaScore.MediaServer.Tests.Ingress.Devices;

/// <summary>Terminals that prove themselves by a client certificate, over TLS as it is.</summary>
public sealed class ClientCertificateTests(TlsDeviceServer shared) : IClassFixture<TlsDeviceServer>
{
    private const string Key = "0123456789abcdef";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_terminal_waits_until_somebody_compared_its_certificate_s_key_and_is_known_by_it_from_then_on()
    {
        using var own = Certificate();

        (await WelcomeAsync("CERT-1", own)).Approved.ShouldBeFalse();
        var waiting = (await shared.Console.GetAsync("devices")).GetProperty("devices").EnumerateArray().Single(device => device.GetProperty("serial").GetString() == "CERT-1");
        waiting.GetProperty("certificateKey").GetString().ShouldBe(string.Join(':', SHA256.HashData(own.PublicKey.ExportSubjectPublicKeyInfo()).Select(part => part.ToString("x2"))));
        await shared.Console.PostAsync($"devices/{waiting.GetProperty("id").GetString()}/approve");

        (await WelcomeAsync("CERT-1", own)).Approved.ShouldBeTrue();
        // Once more: a resumed session shows it as well.
        (await WelcomeAsync("CERT-1", own)).Approved.ShouldBeTrue();
        using var others = Certificate();
        (await RefusedAsync("CERT-1", others)).Detail.ShouldContain("another key or certificate");
        (await RefusedAsync("CERT-1", certificate: null, Key)).Detail.ShouldContain("another key or certificate");
        (await RefusedAsync("CERT-1", certificate: null)).Detail.ShouldContain("client certificate");
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_refused_with_the_reason()
    {
        using var expired = Certificate(until: TimeProvider.System.GetUtcNow().AddDays(-1));

        (await RefusedAsync("CERT-2", expired)).Detail.ShouldContain("expired");

        shared.Server.Host.Devices.Registry.List().ShouldNotContain(device => device.Row.Serial == "CERT-2");
    }

    [Fact]
    public async Task A_terminal_with_neither_certificate_nor_key_is_refused_and_one_with_a_key_needs_no_certificate()
    {
        (await RefusedAsync("CERT-3", certificate: null)).Detail.ShouldContain("16 to 128");

        (await WelcomeAsync("CERT-3", certificate: null, Key)).Approved.ShouldBeFalse();
        var device = (await shared.Console.GetAsync("devices")).GetProperty("devices").EnumerateArray().Single(device => device.GetProperty("serial").GetString() == "CERT-3");
        device.GetProperty("certificateKey").GetString().ShouldBeNull();
        device.GetProperty("hasKey").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_offers_what_browsers_offer_is_not_asked_for_a_certificate(bool isBrowser)
    {
        using var own = Certificate();
        var asked = false;
        using var handler = Handler(null);
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, server, _) =>
        {
            // Called once before the server has said anything, too.
            asked |= server is not null;
            return server is null ? null! : own;
        };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(shared.Https), DefaultRequestVersion = HttpVersion.Version20 };
        http.DefaultVersionPolicy = isBrowser ? HttpVersionPolicy.RequestVersionOrLower : HttpVersionPolicy.RequestVersionExact;

        using var answer = await http.GetAsync("/healthz", Cancellation);

        answer.IsSuccessStatusCode.ShouldBeTrue();
        asked.ShouldBe(!isBrowser);
    }

    [Fact]
    public async Task A_simulated_terminal_shows_a_certificate_too()
    {
        using var own = Certificate();
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var terminal = new SimulatedTerminal(
            new TerminalPlan(new Uri(shared.Https), "CERT-SIM", Key, [new SimulatedFace("1001", new byte[] { 1 })], FramesPerSecond: 10) { Certificate = own },
            TimeProvider.System, _ => { }, _ => answered.TrySetResult());

        var living = terminal.RunAsync(stop.Token);
        await answered.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);
        await stop.CancelAsync();
        await living;

        shared.Server.Host.Devices.Registry.List().Single(device => device.Row.Serial == "CERT-SIM").Row.CredentialSha256.ShouldBe(CertificateCredential.Of(own));
    }

    private async Task<Welcome> WelcomeAsync(string serial, X509Certificate2? certificate, string key = "")
    {
        using var channel = GrpcChannel.ForAddress(shared.Https, new GrpcChannelOptions { HttpHandler = Handler(certificate), DisposeHttpClient = true });
        using var call = new DeviceService.DeviceServiceClient(channel).Connect(cancellationToken: Cancellation);
        try
        {
            await call.RequestStream.WriteAsync(new DeviceMessage { Hello = new Hello { Serial = serial, Key = key } }, Cancellation);
        }
        catch (RpcException)
        {
            // Refused before it was written to the end; the reader hears why.
        }

        (await call.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        return call.ResponseStream.Current.Welcome.ShouldNotBeNull();
    }

    private async Task<Status> RefusedAsync(string serial, X509Certificate2? certificate, string key = "")
    {
        var fault = await Should.ThrowAsync<RpcException>(() => WelcomeAsync(serial, certificate, key));
        fault.StatusCode.ShouldBe(StatusCode.Unauthenticated, fault.Status.Detail);
        return fault.Status;
    }

    /// <summary>Trusts this one server, and shows what it is given.</summary>
    private SocketsHttpHandler Handler(X509Certificate2? certificate)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { shared.Made }, RevocationMode = X509RevocationMode.NoCheck };
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } };
        if (certificate is not null)
            handler.SslOptions.ClientCertificates = [certificate];
        return handler;
    }

    /// <summary>Signed by itself: nobody asks by whom.</summary>
    private static X509Certificate2 Certificate(DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var end = until ?? TimeProvider.System.GetUtcNow().AddDays(1);
        return new CertificateRequest("CN=terminal", key, HashAlgorithmName.SHA256).CreateSelfSigned(end.AddDays(-30), end);
    }
}
