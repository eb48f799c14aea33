using System.Diagnostics.Metrics;
using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Sessions.Capacity;
using MediaScore.Pipelines.Session;
using MediaScore.WebRtc;

namespace MediaScore.MediaServer.Observability;

/// <summary>The host's own metrics; the other projects have meters of their own, all named <c>MediaScore.*</c>.</summary>
internal sealed class MediaServerMeter : IDisposable
{
    public const string Name = "MediaScore.MediaServer";

    private readonly Meter _meter;
    private readonly Counter<long> _created;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _faults;
    private readonly Counter<long> _packets;
    private readonly Counter<long> _packetBytes;
    private readonly Counter<long> _droppedMessages;
    private readonly Counter<long> _streams;
    private readonly Counter<long> _rpcs;
    private readonly Counter<long> _droppedFrames;
    private readonly Histogram<double> _rpcSeconds;
    private readonly Histogram<double> _reportSeconds;

    public MediaServerMeter(IMeterFactory factory)
    {
        _meter = factory.Create(Name);
        _created = _meter.CreateCounter<long>("mediascore.interviews.created", "{interview}", "Interviews created.");
        _refused = _meter.CreateCounter<long>("mediascore.interviews.refused", "{interview}", "Interviews refused, by reason.");
        _faults = _meter.CreateCounter<long>("mediascore.sessions.faults", "{fault}", "Sessions that broke down, by type of fault.");
        _packets = _meter.CreateCounter<long>("mediascore.ingress.packets", "{packet}", "Media packets from clients, by outcome.");
        _packetBytes = _meter.CreateCounter<long>("mediascore.ingress.bytes", "By", "Payload bytes of media packets from clients.");
        _droppedMessages = _meter.CreateCounter<long>("mediascore.ingress.dropped_messages", "{message}", "Captions and warnings that a slow client never got.");
        _streams = _meter.CreateCounter<long>("mediascore.ingress.streams", "{stream}", "Media streams that ended, by status.");
        _rpcs = _meter.CreateCounter<long>("mediascore.rpc.calls", "{call}", "gRPC calls that ended, by method and status.");
        _droppedFrames = _meter.CreateCounter<long>("mediascore.webrtc.dropped_frames", "{frame}", "Frames that came and were not recorded because the recording was too slow, by kind.");
        _rpcSeconds = _meter.CreateHistogram<double>("mediascore.rpc.duration", "s", "Length of gRPC calls, by method.");
        _reportSeconds = _meter.CreateHistogram<double>("mediascore.report.duration", "s", "Time to build and write one report.");
    }

    /// <summary>Adds the gauges that ask their owners.</summary>
    public void Observe(SessionRegistry registry, AdmissionController admission, CapacityMonitor monitor)
    {
        _meter.CreateObservableGauge("mediascore.interviews.unfinished", () => registry.Count, "{interview}", "Interviews created and not finished.");
        _meter.CreateObservableGauge("mediascore.interviews.finishing", () => registry.FinishingCount, "{interview}", "Interviews that have ended and have no report yet, on disk or in memory.");
        _meter.CreateObservableGauge("mediascore.sessions.open", () => registry.OpenCount, "{session}", "Sessions in memory.");
        _meter.CreateObservableGauge("mediascore.capacity.interviews", () => admission.Capacity, "{interview}", "Interviews that this machine can hold at once: estimated from the last ten seconds, Admission:MaxInterviews at most.");
        _meter.CreateObservableGauge("mediascore.capacity.taken", () => admission.Taken, "{interview}", "Interviews that have a place: that run, or whose client is about to come.");
        _meter.CreateObservableGauge("mediascore.capacity.open", () => admission.Faults().Count == 0 ? 1 : 0, "1", "1 while new interviews are admitted, 0 while load or disk refuse them.");
        _meter.CreateObservableGauge("mediascore.capacity.cost", () => monitor.Estimate.CostSeconds, "s", "CPU time that an interview costs a second, mean over minutes; work that can wait left out.");
        _meter.CreateObservableGauge("mediascore.cpu.load", () => monitor.Estimate.CpuLoad, "1", "Share in use of the CPU that this process can have, over the last ten seconds, for work that cannot wait.");
        _meter.CreateObservableGauge("mediascore.pool.load", () => monitor.Estimate.PoolLoad, "1", "Share of the inference workers' time in use over the last ten seconds, for work that cannot wait.");
        _meter.CreateObservableGauge("mediascore.pool.live.wait", () => monitor.Estimate.LiveWait.TotalSeconds, "s", "Mean wait of live sound for the inference pool over the last ten seconds.");
        _meter.CreateObservableGauge("mediascore.pool.sampled.dropped", () => monitor.Estimate.SampledDropShare, "1", "Share of the sampled pictures that a busy pool dropped over the last ten seconds.");
        _meter.CreateObservableGauge("mediascore.disk.round", () => monitor.Estimate.FlushRound.TotalSeconds, "s", "Mean time to make all logs durable once over the last ten seconds.");
        _meter.CreateObservableGauge("mediascore.disk.free", () => monitor.FreeDiskMiB * 1024 * 1024, "By", "Free space of the data folder's disk.");
    }

    public void FramesDropped(MediaKind kind, long count) =>
        _droppedFrames.Add(count, new KeyValuePair<string, object?>("kind", kind is MediaKind.Audio ? "audio" : "video"));

    public void InterviewCreated() => _created.Add(1);

    public void InterviewRefused(RefusalReason reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void SessionFaulted(string type) => _faults.Add(1, new KeyValuePair<string, object?>("type", type));

    public void PacketCame(PacketOutcome outcome, int bytes)
    {
        // The names are constants: nothing is allocated a packet.
        _packets.Add(1, new KeyValuePair<string, object?>("outcome", outcome switch
        {
            PacketOutcome.Recorded => "recorded",
            PacketOutcome.Duplicate => "duplicate",
            PacketOutcome.NotPermitted => "not-permitted",
            _ => "refused",
        }));
        _packetBytes.Add(bytes);
    }

    public void MessagesDropped(long count) => _droppedMessages.Add(count);

    public void StreamEnded(string status) => _streams.Add(1, new KeyValuePair<string, object?>("status", status));

    public void CallEnded(string method, string status, TimeSpan duration)
    {
        _rpcs.Add(1, new("method", method), new("status", status));
        _rpcSeconds.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("method", method));
    }

    public void ReportWritten(TimeSpan duration) => _reportSeconds.Record(duration.TotalSeconds);

    public void Dispose() => _meter.Dispose();
}
