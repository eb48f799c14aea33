using System.Net.Sockets;
using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Configuration;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Transport;

namespace MediaScore.MediaServer.Hosting;

/// <summary>The process's one WebRTC endpoint. Where its port cannot be opened the server runs all the same, says so, and is not ready.</summary>
internal sealed class WebRtcEndpoint : IAsyncDisposable
{
    private WebRtcEndpoint(RtcLoop? loop, string? fault) => (Loop, Fault) = (loop, fault);

    /// <summary>Null where the port could not be opened.</summary>
    public RtcLoop? Loop { get; }

    /// <summary>Why there is no loop, and what to do.</summary>
    public string? Fault { get; }

    public static WebRtcEndpoint Start(IConfiguration configuration, TimeProvider time, ILoggerFactory loggers)
    {
        var options = MediaScoreSettings.Get<RtcOptions>(configuration, RtcOptions.Section);
        if (new RtcOptionsValidator().Validate(null, options) is { Failed: true } faults)
            throw new CliException(ExitCode.BadInput, faults.FailureMessage);
        try
        {
            return new WebRtcEndpoint(RtcLoop.Start(options, time, loggers), null);
        }
        catch (SocketException e)
        {
            var ports = options.TcpPort < 0 ? $"UDP {options.UdpPort}" : $"UDP {options.UdpPort} or TCP {options.TcpPort}";
            return new WebRtcEndpoint(
                null,
                $"WebRTC cannot listen on {options.Address}, {ports}: {e.Message}. Candidates cannot connect; free the port or set WebRtc:Address, WebRtc:UdpPort and WebRtc:TcpPort.");
        }
    }

    public ValueTask DisposeAsync() => Loop?.DisposeAsync() ?? ValueTask.CompletedTask;
}
