using Grpc.Core;
using Grpc.Net.Client;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli;

/// <summary>The server that a command talks to: a running one, or one inside this process on free ports. The way is the same, gRPC over TCP.</summary>
internal sealed class ConnectedServer : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly ILoggerFactory? _loggers;

    private ConnectedServer(string address, MediaServerHost? host, ILoggerFactory? loggers)
    {
        (Host, _loggers) = (host, loggers);
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, KeepAlivePingDelay = TimeSpan.FromSeconds(10), KeepAlivePingTimeout = TimeSpan.FromSeconds(10) },
            DisposeHttpClient = true,
        });
        Client = new InterviewService.InterviewServiceClient(_channel);
    }

    public InterviewService.InterviewServiceClient Client { get; }

    /// <summary>Set where the server is inside this process.</summary>
    public MediaServerHost? Host { get; }

    /// <exception cref="CliException">It is no address of a server.</exception>
    public static string AddressOf(string server) => Uri.TryCreate(server, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")
        ? server
        : throw new CliException(ExitCode.BadInput, $"--server {server}: expected a URL such as http://127.0.0.1:5081.");

    /// <summary><paramref name="cancellation"/>, or the signal that stops the server inside: without it a stream would go on trying to reach a host that has gone.</summary>
    public CancellationTokenSource StopWith(CancellationToken cancellation) =>
        CancellationTokenSource.CreateLinkedTokenSource(cancellation, Host?.Stopping ?? CancellationToken.None);

    /// <summary>A running server.</summary>
    /// <exception cref="CliException">It is no address of one.</exception>
    public static ConnectedServer Connect(string server) => new(AddressOf(server), host: null, loggers: null);

    public static async Task<ConnectedServer> ConnectAsync(ClientSettings settings, CancellationToken cancellation)
    {
        if (settings.Server is { } address)
            return Connect(address);

        var configuration = MediaScoreSettings.Build(settings);
        configuration["Server:Address"] = "127.0.0.1";
        configuration["Server:HttpPort"] = "0";
        configuration["Server:GrpcPort"] = "0";
        configuration["WebRtc:UdpPort"] = "0";
        configuration["WebRtc:TcpPort"] = "-1";
        configuration["Server:HttpsPort"] = "-1";
        // Nobody else's interviews are here to be protected from this command's.
        configuration["Admission:JudgeLoad"] = "false";
        var loggers = CliLogging.ForCommand();
        var host = await MediaServerHost.StartAsync(configuration, loggers, TimeProvider.System, cancellation);
        return new ConnectedServer(host.Addresses.Grpc, host, loggers);
    }

    /// <param name="waitForPlace">Ask again, as late as the server says, while it has no place.</param>
    /// <exception cref="CliException">The server refused, or cannot be reached.</exception>
    public async Task<CreateInterviewResponse> CreateAsync(CreateInterviewRequest request, CancellationToken cancellation, bool waitForPlace = false)
    {
        while (true)
        {
            try
            {
                return await CreateOnceAsync(request, waitForPlace, cancellation);
            }
            catch (RpcException e) when (waitForPlace && e.StatusCode is StatusCode.ResourceExhausted)
            {
                var retryAfter = int.TryParse(e.Trailers.GetValue(Ingress.Grpc.CallFaults.RetryAfterTrailer), out var milliseconds) ? milliseconds : 1000;
                await Task.Delay(TimeSpan.FromMilliseconds(retryAfter), TimeProvider.System, cancellation);
            }
        }
    }

    private async Task<CreateInterviewResponse> CreateOnceAsync(CreateInterviewRequest request, bool waitForPlace, CancellationToken cancellation)
    {
        try
        {
            return await Client.CreateInterviewAsync(request, cancellationToken: cancellation);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested && !(waitForPlace && e.StatusCode is StatusCode.ResourceExhausted))
        {
            throw new CliException(
                e.StatusCode switch
                {
                    StatusCode.InvalidArgument => ExitCode.BadInput,
                    StatusCode.FailedPrecondition => ExitCode.Environment,
                    _ => ExitCode.ServerRefused,
                },
                e.StatusCode switch
                {
                    StatusCode.InvalidArgument or StatusCode.FailedPrecondition => e.Status.Detail.Replace("; ", "\n  ", StringComparison.Ordinal),
                    StatusCode.ResourceExhausted => $"No place now: {e.Status.Detail} Try again in {e.Trailers.GetValue(Ingress.Grpc.CallFaults.RetryAfterTrailer)} ms.",
                    _ => $"The server cannot be reached: {e.StatusCode}: {e.Status.Detail}",
                },
                e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (Host is not null)
            await Host.DisposeAsync();
        _loggers?.Dispose();
    }
}
