using MediaScore.Peers.Sources;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Srtp;

namespace MediaScore.Peers.Sessions;

/// <summary>Reports that go out, and what comes back: losses, requests, feedback.</summary>
internal sealed partial class SenderSession
{
    // libwebrtc: an encoder makes at most one key frame per 300 ms, however often it is asked.
    private static readonly TimeSpan KeyFramePace = TimeSpan.FromMilliseconds(300);

    // A packet is not sent again within a round trip: the first answer may still be on its way. Before it is known: 100 ms, as libwebrtc.
    private static readonly TimeSpan DefaultRoundTrip = TimeSpan.FromMilliseconds(100);

    private readonly ExtendedReports _extended = new();
    private Instant _lastKeyFrameRequest = new(long.MinValue / 2);
    private TimeSpan? _roundTripTime;
    private long _datagramsSent;
    private long _bytesSent;
    private long _datagramsReceived;
    private long _audioPackets;
    private long _videoPackets;
    private long _retransmitted;
    private long _nacked;
    private long _tooOld;
    private long _pliCount;
    private long _firCount;
    private long _receiverReports;
    private long _feedbackReceived;
    private long _feedbackLost;
    private long _rembBitsPerSecond;
    private int _disconnectCount;
    private int _restartCount;
    private int _lastFirSequence = -1;

    public SenderStatistics Snapshot() => new()
    {
        State = _state,
        SrtpProfile = _keys?.Profile,
        DatagramsSentCount = _datagramsSent,
        BytesSentCount = _bytesSent,
        DatagramsReceivedCount = _datagramsReceived,
        AudioPacketCount = _audioPackets,
        VideoPacketCount = _videoPackets,
        AudioFrameCount = Track(MediaKind.Audio)?.FrameCount ?? 0,
        VideoFrameCount = Track(MediaKind.Video)?.FrameCount ?? 0,
        KeyFrameCount = Track(MediaKind.Video)?.KeyFrameCount ?? 0,
        NackedCount = _nacked,
        RetransmittedCount = _retransmitted,
        TooOldCount = _tooOld,
        PliCount = _pliCount,
        FirCount = _firCount,
        ReceiverReportCount = _receiverReports,
        AudioFractionLost = Track(MediaKind.Audio)?.Streams[0].FractionLost ?? 0,
        VideoFractionLost = Track(MediaKind.Video)?.Streams[0].FractionLost ?? 0,
        RoundTripTime = _roundTripTime ?? _ice?.RoundTripTime,
        FeedbackReceivedCount = _feedbackReceived,
        FeedbackLostCount = _feedbackLost,
        RembBitsPerSecond = _rembBitsPerSecond,
        AudioFramesNotSentCount = Track(MediaKind.Audio)?.NotSentCount ?? 0,
        VideoFramesNotSentCount = Track(MediaKind.Video)?.NotSentCount ?? 0,
        DisconnectCount = _disconnectCount,
        RestartCount = _restartCount,
    };

    /// <summary>A sender report and the name of every source that has sent (RFC 3550, 6.4.1).</summary>
    private void SendReports(Instant now)
    {
        if (!_ice!.IsWritable(now))
            return;
        var writer = new RtcpWriter(_plain);
        foreach (var track in _tracks)
        {
            foreach (var stream in track.Streams)
            {
                if (stream.PacketCount == 0)
                    continue;
                var captured = track.DeviceTime(now);
                writer.WriteSenderReport(stream.Ssrc, WallClock(now), stream.TimestampOf(captured), stream.PacketCount, stream.OctetCount);
                writer.WriteSdesCname(stream.Ssrc, _ids.Cname);
            }
        }

        SendRtcp(writer.Length + _extended.Write(_plain.AsSpan(writer.Length), _tracks[0].Streams[0].Ssrc, now));
    }

    private void SendBye()
    {
        Span<uint> sources = stackalloc uint[31];
        var count = 0;
        var writer = new RtcpWriter(_plain);
        foreach (var stream in _tracks.SelectMany(track => track.Streams))
        {
            if (count < sources.Length - 1)
                sources[count++] = stream.Ssrc;
        }

        // A compound packet begins with a report (RFC 3550, 6.1).
        writer.WriteReceiverReport(sources[0], []);
        writer.WriteBye(sources[..count]);
        SendRtcp(writer.Length);
    }

    private void SendRtcp(int length)
    {
        if (length == 0)
            return;
        length = _keys!.Rtcp.Protect(_plain.AsSpan(0, length), _datagram);
        if (length > 0)
            Send(_datagram.AsSpan(0, length), _ice!.Selected!.Value);
    }

    private void ReceiveRtcp(Span<byte> datagram, Instant now)
    {
        if (_keys!.RtcpIn.Unprotect(datagram, out var length) != SrtpVerdict.Ok)
            return;
        var reader = new RtcpReader(datagram[..length]);
        while (reader.TryRead(out var block))
        {
            switch (block.Kind)
            {
                case RtcpKind.ReceiverReport:
                    _receiverReports++;
                    ReadReports(block.ReceiverReport.Reports, now);
                    break;
                case RtcpKind.SenderReport:
                    ReadReports(block.SenderReport.Reports, now);
                    break;
                case RtcpKind.Nack:
                    ReadNack(block.Nack, now);
                    break;
                case RtcpKind.Pli:
                    _pliCount++;
                    KeyFrameAsked(now);
                    break;
                case RtcpKind.Fir:
                    ReadFir(block.Fir, now);
                    break;
                case RtcpKind.TransportFeedback:
                    ReadFeedback(block.TransportFeedback);
                    break;
                case RtcpKind.Other when _options.AnswersExtendedReports:
                    _extended.Read(block, now);
                    break;
                case RtcpKind.Remb:
                    _rembBitsPerSecond = (long)Math.Min(long.MaxValue, block.Remb.BitrateBps);
                    break;
            }
        }
    }

    private void ReadReports(ReportBlocks reports, Instant now)
    {
        for (var i = 0; i < reports.Count; i++)
        {
            var report = reports[i];
            if (FindStream(report.Ssrc) is not { } stream)
                continue;
            stream.Known = true;
            stream.FractionLost = report.FractionLost / 256.0;
            if (report.LastSenderReport == 0)
                continue;
            // RFC 3550, 6.4.1: A - LSR - DLSR, in 1/65536 s around the wrap.
            var roundTrip = (int)(WallClock(now).Compact - report.LastSenderReport - report.DelaySinceLastSenderReport);
            if (roundTrip >= 0)
                _roundTripTime = NtpTime.FromCompact((uint)roundTrip);
        }
    }

    private void ReadNack(Nack nack, Instant now)
    {
        if (FindStream(nack.MediaSsrc) is not { } stream || (!stream.Media.Nack && stream.Media.RtxPayloadType is null))
            return;
        var pause = _roundTripTime ?? DefaultRoundTrip;
        foreach (var sequence in nack)
        {
            _nacked++;
            if (stream.History.Find(sequence) is not { } kept || kept.SentAt == Instant.Never || now - kept.SentAt > _options.HistoryAge
                || (stream.Media.RtxPayloadType is null && kept.ProtectedLength == 0))
            {
                _tooOld++;
                continue;
            }

            if (kept.IsQueued || now - kept.SentAt < pause)
                continue;
            // Sound is never paced, as in libwebrtc: it would wait behind a second of pictures.
            if (stream.Media.Kind == MediaKind.Audio && _ice!.IsWritable(now))
                SendAgain(stream, kept, now);
            else
                kept.IsQueued = _paced.TryAddAgain(stream, sequence);
        }
    }

    private void ReadFir(FullIntraRequest request, Instant now)
    {
        for (var i = 0; i < request.EntryCount; i++)
        {
            var (_, sequence) = request.GetEntry(i);
            if (sequence == _lastFirSequence)
                continue;
            _lastFirSequence = sequence;
            _firCount++;
            KeyFrameAsked(now);
        }
    }

    private void KeyFrameAsked(Instant now)
    {
        if (now - _lastKeyFrameRequest < KeyFramePace || Track(MediaKind.Video)?.Source is not VideoSource source)
            return;
        _lastKeyFrameRequest = now;
        source.RequestKeyFrame();
    }

    private void ReadFeedback(TransportFeedback feedback)
    {
        foreach (var arrival in feedback)
        {
            if (arrival.Received)
                _feedbackReceived++;
            else
                _feedbackLost++;
        }
    }

    private SendStream? FindStream(uint ssrc)
    {
        foreach (var track in _tracks)
        {
            foreach (var stream in track.Streams)
            {
                if (stream.Ssrc == ssrc)
                    return stream;
            }
        }

        return null;
    }
}
