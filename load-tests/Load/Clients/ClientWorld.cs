using Grpc.Core;
using Grpc.Net.Client;
using MediaScore.Load.Measuring;
using MediaScore.Peers.Dtls;
using MediaScore.Peers.Running;
using MediaScore.Peers.Sources;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.Load.Clients;

/// <summary>What all candidates of a run share: the server's addresses, connections, the senders' thread, clips.</summary>
internal sealed class ClientWorld : IAsyncDisposable
{
    /// <summary>Kestrel takes 100 streams a connection; half of it leaves room for calls beside them.</summary>
    public const int StreamsPerChannel = 50;

    private readonly List<GrpcChannel> _channels = [];
    private readonly GrpcChannel _control;
    private readonly SocketsHttpHandler _handler = new() { UseCookies = false, UseProxy = false };

    public ClientWorld(Uri http, Uri grpc, MediaClip video, LoadMeter meter, int mostInterviews, TimeProvider time)
    {
        (HttpAddress, Video, Meter, Time) = (http, video, meter, time);
        for (var i = 0; i <= mostInterviews / StreamsPerChannel; i++)
            _channels.Add(GrpcChannel.ForAddress(grpc, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false }, DisposeHttpClient = true }));
        // Requests for a place stand behind nobody's media, nor behind a hundred other requests: Kestrel takes 100 streams a connection.
        _control = GrpcChannel.ForAddress(
            grpc, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true }, DisposeHttpClient = true });
        Control = new InterviewService.InterviewServiceClient(_control);
        Http = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan, BaseAddress = http };
        Identity = PeerIdentity.Create(time);
        // What comes back are reports and the handshake: looked for every 20 ms, not 250 times a second. A turn every 4 ms is late by a fifth of a packet of sound at most, and
        // half the wake-ups.
        var senders = new PeerRunnerOptions
        {
            MaxPeers = 2 * mostInterviews,
            Tick = TimeSpan.FromMilliseconds(4),
            SocketPoll = TimeSpan.FromMilliseconds(20),
            ThreadBegan = static () => PunctualThread.TryRaise(),
            ThreadEnds = PunctualThread.Ended,
        };
        Senders = new PeerRunner(senders, time);
        Pacer = new MessagePacer(time);
    }

    public Uri HttpAddress { get; }

    public MediaClip Video { get; }

    public LoadMeter Meter { get; }

    public TimeProvider Time { get; }

    public InterviewService.InterviewServiceClient Control { get; }

    /// <summary>Without a limit of its own: event streams stay open. Requests carry a token that ends them.</summary>
    public HttpClient Http { get; }

    public PeerIdentity Identity { get; }

    public PeerRunner Senders { get; }

    public MessagePacer Pacer { get; }

    public CallInvoker StreamsOf(int interview) => _channels[interview % _channels.Count].CreateCallInvoker();

    public async ValueTask DisposeAsync()
    {
        await Senders.DisposeAsync();
        Pacer.Dispose();
        Http.Dispose();
        _handler.Dispose();
        _control.Dispose();
        foreach (var channel in _channels)
            channel.Dispose();
    }
}
