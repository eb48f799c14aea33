using Microsoft.Extensions.Logging;

namespace MediaScore.WebRtc.Transport;

// No addresses of candidates, no keys, no SDP, here or anywhere: an id is all that links a line to a person.
public sealed partial class RtcLoop
{
    [LoggerMessage(Level = LogLevel.Information, Message = "WebRTC listens on UDP port {UdpPort} and TCP port {TcpPort}; answers name {AddressCount} addresses")]
    private partial void LogStarted(int udpPort, int? tcpPort, int addressCount);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The kernel gave the WebRTC socket a buffer of {Bytes} bytes instead of {Wanted}; bursts may be lost. Raise net.core.rmem_max (sysctl -w net.core.rmem_max={Wanted})")]
    private partial void LogBufferClamped(int bytes, int wanted);

    [LoggerMessage(Level = LogLevel.Error, Message = "No DTLS handshake is possible on this machine: the one with ourselves failed")]
    private partial void LogWarmUpFailed();
}
