using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// What we send: a compound packet (RFC 3550, 6.1) whenever something is due. Reports go about once a second; in between, feedback travels behind an empty
/// report, since peers that did not negotiate reduced size would drop it without.
/// </summary>
internal sealed class ReceiverReports(
    MediaTrack[] tracks, VideoTrack? video, TransportArrivals? arrivals, BitrateLimit? limit, RoundTripMeter roundTrip, uint localSsrc, string cname)
{
    /// <summary>Room for everything that can be due at once; a smaller buffer gets nothing.</summary>
    public const int MinBufferBytes = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Browsers leave out the MID once a report has said that they were heard.
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(200);

    // What a NACK of this many numbers takes at worst, four bytes each, leaves room for the rest.
    private const int NacksAtOnce = 64;

    private readonly ushort[] _sequences = new ushort[NacksAtOnce];
    private readonly ReportBlock[] _blocks = new ReportBlock[tracks.Length];
    private readonly uint[] _ssrcs = new uint[tracks.Length];
    private Instant _reportAt = Instant.Never;
    private Instant _limitAt = Instant.Never;

    public Instant NextDeadline
    {
        get
        {
            var next = Instant.Min(_reportAt, Instant.Min(_limitAt, arrivals?.DueAt ?? Instant.Never));
            if (video is not null)
                next = Instant.Min(next, video.Requester.NextDeadline);
            foreach (var track in tracks)
            {
                if (track.Stream is { } stream)
                    next = Instant.Min(next, stream.NextDeadline);
            }

            return next;
        }
    }

    /// <summary>The first packet came.</summary>
    public void Start(Instant now)
    {
        if (_reportAt != Instant.Never)
            return;
        _reportAt = now + FirstInterval;
        if (limit is not null)
            _limitAt = now + FirstInterval;
    }

    public int Write(Span<byte> buffer, Instant now)
    {
        if (buffer.Length < MinBufferBytes || !IsDue(now))
            return 0;
        var writer = new RtcpWriter(buffer);
        var isReport = now >= _reportAt;
        writer.WriteReceiverReport(localSsrc, isReport ? Report(now) : default);
        writer.WriteSdesCname(localSsrc, cname);
        WriteKeyFrameRequest(ref writer, now);
        WriteLimit(ref writer, now);
        WriteNacks(ref writer, now);
        arrivals?.WriteDue(ref writer, localSsrc, AnySsrc(), now);
        if (!isReport || !roundTrip.WantsReferenceTime || buffer.Length - writer.Length < RoundTripMeter.ReferenceTimeLength)
            return writer.Length;
        roundTrip.WriteReferenceTime(buffer[writer.Length..], localSsrc, now);
        return writer.Length + RoundTripMeter.ReferenceTimeLength;
    }

    private bool IsDue(Instant now)
    {
        if (now >= _reportAt || now >= _limitAt || (arrivals is not null && now >= arrivals.DueAt) || (video is not null && now >= video.Requester.NextDeadline))
            return true;
        foreach (var track in tracks)
        {
            if (track.Stream is { } stream && now >= stream.Missing.NextAsk)
                return true;
        }

        return false;
    }

    private ReadOnlySpan<ReportBlock> Report(Instant now)
    {
        _reportAt = now + Interval;
        var count = 0;
        foreach (var track in tracks)
        {
            if (track.Stream is { } stream)
                _blocks[count++] = stream.Report(now);
        }

        if (video?.Stream is { } pictures)
            video.Requester.LossRatio = pictures.Reception.LossRatio;
        return _blocks.AsSpan(0, count);
    }

    private void WriteKeyFrameRequest(ref RtcpWriter writer, Instant now)
    {
        if (video?.Stream is not { } stream)
            return;
        switch (video.Requester.TakeDue(now))
        {
            case KeyFrameRequest.PictureLoss:
                writer.WritePli(localSsrc, stream.Ssrc);
                break;
            case KeyFrameRequest.FullIntra:
                writer.WriteFir(localSsrc, stream.Ssrc, video.Requester.CommandSequence);
                break;
        }
    }

    private void WriteLimit(ref RtcpWriter writer, Instant now)
    {
        if (limit is null || now < _limitAt)
            return;
        _limitAt = now + BitrateLimit.Interval;
        var count = 0;
        var loss = 0.0;
        foreach (var track in tracks)
        {
            if (track.Stream is not { } stream)
                continue;
            _ssrcs[count++] = stream.Ssrc;
            loss = Math.Max(loss, stream.Reception.LossRatio);
        }

        limit.Update(loss);
        writer.WriteRemb(localSsrc, (ulong)limit.CurrentBps, _ssrcs.AsSpan(0, count));
    }

    private void WriteNacks(ref RtcpWriter writer, Instant now)
    {
        foreach (var track in tracks)
        {
            if (track.Stream is not { } stream)
                continue;
            var count = stream.Missing.TakeDue(now, _sequences);
            if (stream.Missing.TakeDoubts() && track == video)
                video.Requester.Need(now);
            if (count == 0)
                continue;
            writer.WriteNack(localSsrc, stream.Ssrc, _sequences.AsSpan(0, count));
            track.Counters.Nacked += count;
        }
    }

    private uint AnySsrc()
    {
        foreach (var track in tracks)
        {
            if (track.Stream is { } stream)
                return stream.Ssrc;
        }

        return 0;
    }
}
