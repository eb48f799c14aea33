using System.Diagnostics.Metrics;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Transport;

namespace MediaScore.MediaServer.Observability;

/// <summary>What the network thread counts, as metrics that are read when somebody asks.</summary>
internal static class WebRtcGauges
{
    public static void Observe(Meter meter, Func<RtcLoopStatistics> snapshot)
    {
        meter.CreateObservableCounter("mediascore.webrtc.datagrams", () => snapshot().DatagramCount, "{packet}", "Datagrams received.");
        meter.CreateObservableCounter("mediascore.webrtc.bytes", () => snapshot().ByteCount, "By", "Bytes received.");
        meter.CreateObservableCounter("mediascore.webrtc.unknown", () => snapshot().UnknownCount, "{packet}", "Datagrams that belong to no session, dropped without a reply.");
        meter.CreateObservableCounter("mediascore.webrtc.kernel_drops", () => snapshot().KernelDropCount ?? 0, "{packet}", "Datagrams that the kernel dropped because the socket's buffer was full.");
        meter.CreateObservableCounter("mediascore.webrtc.send_failures", () => snapshot().SendFailureCount, "{packet}", "Datagrams that could not be sent.");
        meter.CreateObservableCounter("mediascore.webrtc.handshakes_put_off", () => snapshot().HandshakesPutOffCount, "{handshake}", "First flights left to the client's retransmission.");
        meter.CreateObservableCounter("mediascore.webrtc.tcp_refused", () => snapshot().TcpRefusedCount, "{connection}", "TCP connections closed at once because of a cap.");
        meter.CreateObservableGauge("mediascore.webrtc.handshakes", () => snapshot().HandshakeCount, "{handshake}", "DTLS handshakes that run now.");
        meter.CreateObservableGauge("mediascore.webrtc.tcp_connections", () => snapshot().TcpConnectionCount, "{connection}", "TCP connections open.");
        meter.CreateObservableGauge("mediascore.webrtc.sessions", () => Sessions(snapshot()), "{session}", "WebRTC sessions, by state.");
    }

    private static IEnumerable<Measurement<int>> Sessions(RtcLoopStatistics statistics) =>
        statistics.SessionsByState.Select(s => new Measurement<int>(s.Value, new KeyValuePair<string, object?>("state", Name(s.Key))));

    private static string Name(RtcState state) => state.ToString().ToLowerInvariant();
}
