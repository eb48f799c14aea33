using Microsoft.Extensions.Logging;

namespace MediaScore.WebRtc.Transport;

internal sealed partial class LoopThread
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The kernel dropped {Count} datagrams of the WebRTC socket in the last minute: its buffer was full")]
    private partial void LogKernelDrops(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} packets of known peers failed authentication in the last minute")]
    private partial void LogAuthenticationFailures(long count);

    [LoggerMessage(Level = LogLevel.Information, Message = "WebRTC session {Id} connected over {Transport} with {Profile} after {Milliseconds} ms")]
    private partial void LogConnected(string id, TransportKind transport, string? profile, int milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "WebRTC session {Id} lost its peer's consent and waits for it")]
    private partial void LogDisconnected(string id);

    [LoggerMessage(Level = LogLevel.Information, Message = "WebRTC session {Id} closed: {Reason}; {Datagrams} datagrams, {AudioFrames} frames of sound and {VideoFrames} pictures handed on, {AudioLost} and {VideoLost} packets lost, {AuthenticationFailures} failed authentication")]
    private partial void LogClosed(string id, CloseReason reason, long datagrams, long audioFrames, long videoFrames, long audioLost, long videoLost, long authenticationFailures);

    [LoggerMessage(Level = LogLevel.Error, Message = "WebRTC session {Id} failed and is closed; the others go on")]
    private partial void LogSessionFault(string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The WebRTC loop failed")]
    private partial void LogLoopFault(Exception exception);
}
