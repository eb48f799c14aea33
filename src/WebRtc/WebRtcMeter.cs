using System.Diagnostics.Metrics;
using MediaScore.WebRtc.Transport;

namespace MediaScore.WebRtc;

/// <summary>All instruments of the endpoint (meter <c>MediaScore.WebRtc</c>). Per-packet numbers are counted by the loop and read from it; nothing is recorded per packet.</summary>
internal sealed class WebRtcMeter : IDisposable
{
    public const string Name = "MediaScore.WebRtc";

    private readonly Meter _meter;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _packets;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _recovered;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _rejected;
    private readonly Histogram<double> _connectTime;

    /// <param name="owner">The loop: what tells its instruments from another's of the same name.</param>
    public WebRtcMeter(object owner, Func<RtcLoopStatistics> snapshot)
    {
        _meter = new Meter(new MeterOptions(Name) { Scope = owner });
        _closed = _meter.CreateCounter<long>("mediascore.webrtc.sessions.closed", "{session}", "Sessions that ended, by reason.");
        _packets = _meter.CreateCounter<long>("mediascore.webrtc.packets", "{packet}", "RTP packets taken, by kind.");
        _lost = _meter.CreateCounter<long>("mediascore.webrtc.packets.lost", "{packet}", "RTP packets that never came though asked for, by kind.");
        _recovered = _meter.CreateCounter<long>("mediascore.webrtc.packets.recovered", "{packet}", "RTP packets that came by retransmission, by kind.");
        _requests = _meter.CreateCounter<long>("mediascore.webrtc.feedback", "{request}", "Requests for packets (nack) and key frames (pli), by type.");
        _rejected = _meter.CreateCounter<long>("mediascore.webrtc.packets.rejected", "{packet}", "Datagrams of known peers that were dropped, by reason: authentication, other.");
        _connectTime = _meter.CreateHistogram<double>("mediascore.webrtc.connect.time", "s", "From the answer to the keys.");
        _meter.CreateObservableCounter("mediascore.webrtc.datagrams", () => snapshot().DatagramCount, "{datagram}", "Datagrams received, UDP and TCP.");
        _meter.CreateObservableCounter("mediascore.webrtc.bytes", () => snapshot().ByteCount, "By", "Bytes received, UDP and TCP.");
        _meter.CreateObservableCounter("mediascore.webrtc.datagrams.unknown", () => snapshot().UnknownCount, "{datagram}", "Datagrams of nobody: dropped without a reply.");
        _meter.CreateObservableCounter("mediascore.webrtc.datagrams.kernel_dropped", () => snapshot().KernelDropCount ?? 0, "{datagram}", "Datagrams that did not fit the socket's buffer.");
        _meter.CreateObservableCounter("mediascore.webrtc.send.failures", () => snapshot().SendFailureCount, "{datagram}", "Datagrams that could not be sent.");
        _meter.CreateObservableCounter("mediascore.webrtc.handshakes.put_off", () => snapshot().HandshakesPutOffCount, "{handshake}", "Handshakes left to a retransmission because as many ran as may.");
        _meter.CreateObservableUpDownCounter("mediascore.webrtc.handshakes", () => snapshot().HandshakeCount, "{handshake}", "DTLS handshakes that run.");
        _meter.CreateObservableUpDownCounter("mediascore.webrtc.tcp.connections", () => snapshot().TcpConnectionCount, "{connection}", "TCP connections open.");
        _meter.CreateObservableCounter("mediascore.webrtc.tcp.refused", () => snapshot().TcpRefusedCount, "{connection}", "TCP connections closed at once because of a cap.");
        _meter.CreateObservableUpDownCounter("mediascore.webrtc.sessions", () => ByState(snapshot()), "{session}", "Sessions, by state.");
    }

    public void Connected(TimeSpan after) => _connectTime.Record(after.TotalSeconds);

    public void Closed(CloseReason reason) => _closed.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    /// <summary>What came since the last time; called about once a second a session.</summary>
    public void Add(RtcStatistics before, RtcStatistics now)
    {
        Add("audio", before.Audio, now.Audio);
        Add("video", before.Video, now.Video);
        _rejected.Add(now.AuthenticationFailureCount - before.AuthenticationFailureCount, new KeyValuePair<string, object?>("reason", "authentication"));
        _rejected.Add(now.DiscardedCount - before.DiscardedCount, new KeyValuePair<string, object?>("reason", "other"));
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> ByState(RtcLoopStatistics statistics) =>
        statistics.SessionsByState.Select(p => new Measurement<int>(p.Value, new KeyValuePair<string, object?>("state", p.Key.ToString())));

    private void Add(string kind, StreamStatistics? before, StreamStatistics? now)
    {
        if (now is null)
            return;
        before ??= new StreamStatistics();
        var tag = new KeyValuePair<string, object?>("kind", kind);
        _packets.Add(now.PacketCount - before.PacketCount, tag);
        _lost.Add(Math.Max(0, now.LostCount - before.LostCount), tag);
        _recovered.Add(now.RecoveredCount - before.RecoveredCount, tag);
        _requests.Add(now.NackCount - before.NackCount, new KeyValuePair<string, object?>("type", "nack"));
        _requests.Add(now.PliCount - before.PliCount, new KeyValuePair<string, object?>("type", "pli"));
    }
}
