using Grpc.Core;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>What gRPC says about a call, without a connection.</summary>
internal sealed class TerminalContext(string peer, CancellationToken gone) : ServerCallContext
{
    protected override string MethodCore => "/mediascore.device.v1.DeviceService/Connect";

    protected override string HostCore => "server.test";

    protected override string PeerCore => peer;

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => gone;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
