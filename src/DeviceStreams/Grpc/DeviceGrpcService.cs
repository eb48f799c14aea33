using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary><c>mediascore.device.v1.DeviceService</c>, as the proto's comments say: lets terminals in, and gives each a <see cref="TerminalStream"/>.</summary>
public sealed class DeviceGrpcService
{
    // What a cold connection over a bad radio link takes, several times over.
    private static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(15);

    // A terminal makes its certificate when it is first switched on, by a clock that nobody has set to the minute.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(24);

    private readonly DeviceRegistry _registry;
    private readonly TerminalStreams _streams;
    private readonly TimeProvider _time;

    public DeviceGrpcService(DeviceRegistry registry, TerminalStreams streams, TimeProvider time) => (_registry, _streams, _time) = (registry, streams, time);

    /// <summary>Serves one call of <c>Connect</c> to its end.</summary>
    /// <param name="certificate">That the terminal showed, and proved to have the key of; null: none. Whose it is, is judged here.</param>
    public async Task ConnectAsync(
        IAsyncStreamReader<DeviceMessage> requestStream, IServerStreamWriter<ServerMessage> responseStream, ServerCallContext context, X509Certificate2? certificate)
    {
        ArgumentNullException.ThrowIfNull(requestStream);
        ArgumentNullException.ThrowIfNull(context);
        var hello = await ReadHelloAsync(requestStream, context.CancellationToken);
        var introduction = Introduce(hello, context, certificate);
        Admission admission;
        try
        {
            admission = await _registry.AdmitAsync(introduction, context.CancellationToken);
        }
        catch (ArgumentException fault)
        {
            throw Fault(StatusCode.InvalidArgument, $"hello.serial: {fault.Message}");
        }

        if (admission.Device is not { } device)
            throw Refusal(admission);
        using var stream = _streams.Open(device, context.CancellationToken) ?? throw TerminalStreams.Full();
        await stream.RunAsync(requestStream, responseStream);
    }

    private DeviceIntroduction Introduce(Hello hello, ServerCallContext context, X509Certificate2? certificate)
    {
        var tenant = hello.Tenant.Length > 0 ? hello.Tenant : "default";
        if (PersonRules.FaultOfTenant(tenant) is { } wrong)
            throw Fault(StatusCode.InvalidArgument, $"hello.tenant: {wrong}");
        if (certificate is not null)
            ThrowIfOutOfDate(certificate);
        if (certificate is null && hello.Key.Length is < DeviceCredentials.MinKeyLength or > DeviceCredentials.MaxKeyLength)
        {
            throw Fault(
                StatusCode.Unauthenticated,
                $"hello.key has {DeviceCredentials.MinKeyLength} to {DeviceCredentials.MaxKeyLength} characters: the terminal makes it up once and keeps it; or let it show a client certificate.");
        }

        return new DeviceIntroduction(tenant, DeviceProtocol.Grpc, hello.Serial, DeviceCredentials.AddressOf(context.Peer))
        {
            Model = hello.Model,
            Firmware = hello.Firmware,
            CredentialSha256 = certificate is null ? DeviceCredentials.OfKey(hello.Key) : CertificateCredential.Of(certificate),
        };
    }

    private void ThrowIfOutOfDate(X509Certificate2 certificate)
    {
        var now = _time.GetUtcNow();
        var (begins, ends) = (new DateTimeOffset(certificate.NotBefore).ToUniversalTime(), new DateTimeOffset(certificate.NotAfter).ToUniversalTime());
        if (now > ends)
            throw Fault(StatusCode.Unauthenticated, $"the client certificate expired at {ends:yyyy-MM-dd HH:mm} UTC: make another one with the same key, and the terminal stays known.");
        if (now + ClockSkew < begins)
            throw Fault(StatusCode.Unauthenticated, $"the client certificate is valid from {begins:yyyy-MM-dd HH:mm} UTC on, and here it is {now:yyyy-MM-dd HH:mm}: set the terminal's clock and make another one.");
    }

    private static RpcException Refusal(Admission admission) => admission.Verdict switch
    {
        AdmissionVerdict.WrongCredential => Fault(StatusCode.Unauthenticated, admission.Reason),
        AdmissionVerdict.TooManyPending => TerminalStreams.TooMany(admission.Reason),
        _ => Fault(StatusCode.PermissionDenied, admission.Reason),
    };

    private static RpcException Fault(StatusCode code, string reason) => new(new Status(code, reason));

    private async Task<Hello> ReadHelloAsync(IAsyncStreamReader<DeviceMessage> requests, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(HelloLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            if (!await DeviceMessages.MoveNextAsync(requests, either.Token))
                throw Fault(StatusCode.InvalidArgument, "the stream ended before its hello; the first message must be hello");
        }
        catch (Exception e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"no message came within {HelloLimit.TotalSeconds:0} s; the first must be hello"), e.GetType().Name);
        }

        return requests.Current.Hello ?? throw Fault(StatusCode.InvalidArgument, $"the first message is {requests.Current.MessageCase}; it must be hello");
    }
}
