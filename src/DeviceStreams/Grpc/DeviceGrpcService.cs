using Grpc.Core;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Grpc;

/// <summary><c>mediascore.device.v1.DeviceService</c>, as the proto's comments say: lets terminals in, and gives each a <see cref="TerminalStream"/>.</summary>
public sealed class DeviceGrpcService : DeviceService.DeviceServiceBase
{
    // What a cold connection over a bad radio link takes, several times over.
    private static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(15);

    private readonly DeviceRegistry _registry;
    private readonly TerminalStreams _streams;
    private readonly TimeProvider _time;

    public DeviceGrpcService(DeviceRegistry registry, TerminalStreams streams, TimeProvider time) => (_registry, _streams, _time) = (registry, streams, time);

    public override async Task Connect(IAsyncStreamReader<DeviceMessage> requestStream, IServerStreamWriter<ServerMessage> responseStream, ServerCallContext context)
    {
        var hello = await ReadHelloAsync(requestStream, context.CancellationToken);
        var introduction = Introduce(hello, context);
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
            throw Fault(StatusOf(admission.Verdict), admission.Reason);
        using var stream = _streams.Open(device, context.CancellationToken) ?? throw TerminalStreams.Full();
        await stream.RunAsync(requestStream, responseStream);
    }

    private static DeviceIntroduction Introduce(Hello hello, ServerCallContext context)
    {
        var tenant = hello.Tenant.Length > 0 ? hello.Tenant : "default";
        if (tenant.Length > 64 || !tenant.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw Fault(StatusCode.InvalidArgument, "hello.tenant has 1 to 64 characters of a-z 0-9 -");
        var certificate = context.AuthContext.IsPeerAuthenticated ? DeviceCredentials.OfCertificate(context.AuthContext) : null;
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
            CredentialSha256 = certificate ?? DeviceCredentials.OfKey(hello.Key),
        };
    }

    private static StatusCode StatusOf(AdmissionVerdict verdict) => verdict switch
    {
        AdmissionVerdict.WrongCredential => StatusCode.Unauthenticated,
        AdmissionVerdict.TooManyPending => StatusCode.ResourceExhausted,
        _ => StatusCode.PermissionDenied,
    };

    private static RpcException Fault(StatusCode code, string reason) => new(new Status(code, reason));

    private async Task<Hello> ReadHelloAsync(IAsyncStreamReader<DeviceMessage> requests, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(HelloLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            if (!await requests.MoveNext(either.Token))
                throw Fault(StatusCode.InvalidArgument, "the stream ended before its hello; the first message must be hello");
        }
        catch (Exception e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"no message came within {HelloLimit.TotalSeconds:0} s; the first must be hello"), e.GetType().Name);
        }

        return requests.Current.Hello ?? throw Fault(StatusCode.InvalidArgument, $"the first message is {requests.Current.MessageCase}; it must be hello");
    }
}
