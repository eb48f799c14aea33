using System.Buffers.Binary;
using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// All RTP streams of a session, behind SRTP: binds sources to media, puts packets in order, asks for what is missing, and hands complete frames on with
/// their time on the session's clock. Knows no socket, thread or clock. Not thread-safe.
/// </summary>
internal sealed class MediaReceiver : IDisposable
{
    private readonly MediaClock _clock;
    private readonly AudioTrack? _audio;
    private readonly VideoTrack? _video;
    private readonly MediaTrack[] _tracks;
    private readonly SourceTable _sources;
    private readonly ReceiverReports _reports;
    private readonly RoundTripMeter _roundTrip = new();
    private readonly TransportArrivals? _arrivals;
    private readonly byte _transportSequence;
    private readonly uint _localSsrc;
    private bool _disposed;

    /// <param name="localSsrc">Of our RTCP.</param>
    /// <param name="cname">Of our RTCP (RFC 7022).</param>
    public MediaReceiver(NegotiatedSession session, MediaReceiverOptions options, IRtcEvents events, uint localSsrc, string cname)
    {
        _localSsrc = localSsrc;
        var tracks = new List<MediaTrack>(2);
        var videoRate = session.Media.FirstOrDefault(static media => media.Kind == MediaKind.Video)?.ClockRate ?? 90_000;
        _clock = new MediaClock(videoRate);
        foreach (var media in session.Media)
        {
            if (media.Kind == MediaKind.Audio && _audio is null)
                tracks.Add(_audio = new AudioTrack(media, options, _clock, events));
            else if (media.Kind == MediaKind.Video && _video is null)
                tracks.Add(_video = new VideoTrack(media, options, _clock, events));
            if (media.Feedback.HasFlag(RtcpFeedbackKinds.TransportCc) && media.Extensions.TransportSequence != 0)
                _transportSequence = media.Extensions.TransportSequence;
        }

        _tracks = [.. tracks];
        _sources = new SourceTable(_tracks, options.MaxSources);
        if (_transportSequence != 0)
            _arrivals = new TransportArrivals();
        var wantsRemb = _arrivals is null && session.Media.Any(static media => media.Feedback.HasFlag(RtcpFeedbackKinds.Remb));
        _reports = new ReceiverReports(_tracks, _video, _arrivals, wantsRemb ? new BitrateLimit(options.MaxBitrate) : null, _roundTrip, localSsrc, cname);
    }

    /// <summary>When <see cref="Advance"/> or <see cref="WriteRtcp"/> has something to do.</summary>
    public Instant NextDeadline => _disposed ? Instant.Never : _reports.NextDeadline;

    /// <summary>There were sources, and every one of them said BYE.</summary>
    public bool Bye { get; private set; }

    /// <summary>Null until it is known.</summary>
    public TimeSpan? RoundTripTime => _roundTrip.Value;

    /// <summary>Packets that were dropped: for no stream, malformed, or over a limit.</summary>
    public long DiscardedCount { get; private set; }

    /// <summary>Sender reports that were not believed.</summary>
    public long RefusedReportCount => _clock.RefusedReportCount;

    /// <summary>
    /// Cheap, before decryption: false for layers that were not chosen and for payload types that were not answered. The layers count for congestion feedback all
    /// the same: the path did carry them.
    /// </summary>
    public bool IsInteresting(ReadOnlySpan<byte> protectedRtp, Instant now)
    {
        if (protectedRtp.Length < RtpPacket.FixedHeaderLength)
            return false;
        var source = _sources.Find(BinaryPrimitives.ReadUInt32BigEndian(protectedRtp[8..]));
        if (source is null ? _sources.IsKnownPayloadType((byte)(protectedRtp[1] & 0x7F)) : source.Role != SourceRole.Ignored)
            return true;

        // Only of a source that an authentic packet made known: numbers of strangers must not get into what we report.
        if (source is not null && RtpPacket.TryParseProtected(protectedRtp, out var packet))
            RecordArrival(packet, now);
        DiscardedCount++;
        return false;
    }

    /// <inheritdoc cref="RtcSession.Touch"/>
    public long Touch(uint ssrc)
    {
        var touched = _reports.NextDeadline.Microseconds + (_arrivals?.Touch() ?? 0);
        return _sources.Find(ssrc)?.Track is { } track ? touched + track.Touch() : touched;
    }

    public void ReceiveRtp(ReadOnlySpan<byte> plainRtp, Instant now)
    {
        if (_disposed || !RtpPacket.TryParse(plainRtp, out var packet))
        {
            DiscardedCount++;
            return;
        }

        RecordArrival(packet, now);
        if (_sources.Resolve(packet, now) is not { Track: { } track } source || !TryReceive(source, track, packet, now))
        {
            DiscardedCount++;
            return;
        }

        Bye = false;
        _reports.Start(now);
        if (track.Stream?.RoundTripSample is { } sample)
        {
            track.Stream.RoundTripSample = null;
            _roundTrip.OnRetransmission(sample);
            ApplyRoundTrip();
        }
    }

    public void ReceiveRtcp(ReadOnlySpan<byte> plainCompound, Instant now)
    {
        if (_disposed)
            return;
        var reader = new RtcpReader(plainCompound);
        while (reader.TryRead(out var block))
        {
            switch (block.Kind)
            {
                case RtcpKind.SenderReport:
                    var report = block.SenderReport;
                    if (_sources.Find(report.Ssrc) is { Role: SourceRole.Media } source)
                        source.Track!.OnSenderReport(report.Ntp, report.RtpTimestamp, now);
                    break;
                case RtcpKind.Bye:
                    OnBye(block.Bye);
                    break;
                case RtcpKind.Other:
                    _roundTrip.Read(block, _localSsrc, now);
                    ApplyRoundTrip();
                    break;
            }
        }
    }

    /// <summary>Writes the next RTCP packet that is due: reports, NACK, PLI or FIR, TWCC or REMB. Call until it returns 0.</summary>
    /// <returns>Bytes written, before protection.</returns>
    public int WriteRtcp(Span<byte> buffer, Instant now) => _disposed ? 0 : _reports.Write(buffer, now);

    /// <summary>Gives up what was waited for too long and hands on what was held behind it.</summary>
    public void Advance(Instant now)
    {
        if (_disposed)
            return;
        foreach (var track in _tracks)
            track.Advance(now);
    }

    public void RequestKeyFrame(Instant now)
    {
        if (_video?.Stream is not null)
            _video.Requester.Need(now);
    }

    /// <summary>The session ends: hands on what is held, waiting for nothing.</summary>
    public void Flush(Instant now)
    {
        if (_disposed)
            return;
        foreach (var track in _tracks)
            track.Flush(now);
    }

    /// <summary>A kind that was not heard yet has none.</summary>
    public (StreamStatistics? Audio, StreamStatistics? Video) Snapshot() =>
        (_audio?.Stream is null ? null : _audio.Snapshot(), _video?.Stream is null ? null : _video.Snapshot());

    /// <summary>Nothing is received or sent any more. Buffers are managed memory: there is nothing to give back.</summary>
    public void Dispose() => _disposed = true;

    private static bool TryReceive(Source source, MediaTrack track, in RtpPacket packet, Instant now)
    {
        switch (source.Role)
        {
            case SourceRole.Media when packet.PayloadType == track.Media.PayloadType:
                track.Receive(packet, now);
                return true;
            case SourceRole.Retransmission when packet.PayloadType == track.Media.RtxPayloadType:
                track.ReceiveRetransmission(packet, now);
                return true;
            default:
                return false;
        }
    }

    private void RecordArrival(in RtpPacket packet, Instant now)
    {
        if (_arrivals is not null && packet.TryGetExtension(_transportSequence, out var sequence) && sequence.Length >= 2)
            _arrivals.Record(BinaryPrimitives.ReadUInt16BigEndian(sequence), now);
    }

    private void ApplyRoundTrip()
    {
        if (_roundTrip.Value is not { } value)
            return;
        foreach (var track in _tracks)
            track.Stream?.Missing.SetRoundTripTime(value);
    }

    private void OnBye(in Bye bye)
    {
        for (var index = 0; index < bye.SourceCount; index++)
        {
            if (_sources.Find(bye.GetSource(index)) is { } source)
                source.HasLeft = true;
        }

        Bye = _sources.AllLeft();
    }
}
