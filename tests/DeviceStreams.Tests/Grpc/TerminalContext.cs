using System.Text;
using Grpc.Core;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>What gRPC says about a call, without a connection.</summary>
/// <param name="certificate">PEM of the client certificate that TLS has checked; null: none.</param>
internal sealed class TerminalContext(string peer, string? certificate, CancellationToken gone) : ServerCallContext
{
    private const string CertificateProperty = "x509_pem_cert";

    protected override string MethodCore => "/mediascore.device.v1.DeviceService/Connect";

    protected override string HostCore => "server.test";

    protected override string PeerCore => peer;

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => gone;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = certificate is null
        ? new AuthContext(null, [])
        : new AuthContext(CertificateProperty, new Dictionary<string, List<AuthProperty>> { [CertificateProperty] = [AuthProperty.Create(CertificateProperty, Encoding.UTF8.GetBytes(certificate))] });

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
