using System.Net;
using Microsoft.Extensions.Logging;

namespace MediaScore.WebRtc.Transport;

/// <summary>
/// The only I/O of the WebRTC endpoint: one UDP socket and one TCP listener for all sessions, one thread that owns them all. What other threads want is posted to it.
/// </summary>
public sealed class RtcLoop : IAsyncDisposable
{
    private readonly RtcOptions _options;
    private readonly TimeProvider _time;
    private volatile bool _draining;

    private RtcLoop(RtcOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        Log = loggers.CreateLogger<RtcLoop>();
    }

    internal ILogger Log { get; }

    /// <summary>What is advertised in answers.</summary>
    public IReadOnlyList<IPEndPoint> UdpEndPoints { get; } = [];

    /// <summary>What TCP listens on; null when it is off.</summary>
    public IPEndPoint? TcpEndPoint { get; }

    /// <summary>Opens the ports, makes a certificate and starts the thread.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">A port is taken.</exception>
    public static RtcLoop Start(RtcOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new RtcLoop(options, time, loggers);
    }

    /// <summary>Answers an offer; when it is accepted, a session waits for the peer. Thread-safe.</summary>
    /// <param name="events">Called on the loop's thread.</param>
    public RtcAnswer Answer(string offerSdp, RtcAnswerOptions options, IRtcEvents events) =>
        new(_draining ? RtcRefusal.Draining : RtcRefusal.Full, $"at most {_options.MaxSessions} sessions", null, null);

    public RtcLoopStatistics Snapshot() => new() { SessionCount = _draining ? 0 : (int)Math.Min(0, _time.TimestampFrequency) };

    /// <summary>No new sessions; running ones go on until their owners close them.</summary>
    public void BeginDrain() => _draining = true;

    /// <summary>Closes every session (<see cref="CloseReason.Stopping"/>), the thread and the ports.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal Task<IceRestartResult> RestartIceAsync(RtcConnection connection, string sdpFragment) =>
        Task.FromResult(new IceRestartResult(_draining && sdpFragment.Length == 0 ? IceRestartRefusal.BadFragment : IceRestartRefusal.Closed, null));

    internal void Close(RtcConnection connection, CloseReason reason) => _draining |= connection.State == RtcState.Closed && reason == CloseReason.Stopping;

    internal void RequestKeyFrame(RtcConnection connection) => Close(connection, CloseReason.None);
}
