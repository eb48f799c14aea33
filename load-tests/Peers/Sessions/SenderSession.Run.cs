using MediaScore.Peers.Dtls;
using MediaScore.Peers.Ice;
using MediaScore.WebRtc;
using MediaScore.WebRtc.Ice;
using MediaScore.WebRtc.Rtcp;

namespace MediaScore.Peers.Sessions;

/// <summary>What happens with time and datagrams.</summary>
internal sealed partial class SenderSession
{
    // RFC 5761, 4: payload types 64 to 95 after the marker bit are RTCP's.
    private const int RtcpFirst = 192;
    private const int RtcpLast = 223;

    /// <summary>One datagram from the network, decrypted in place.</summary>
    public void Receive(Span<byte> datagram, in RemoteAddress from, Instant now)
    {
        if (datagram.Length < 2 || _ice is null || _state == SenderState.Closed)
            return;
        _datagramsReceived++;
        if (StunMessage.LooksLikeStun(datagram))
            _ice.Receive(datagram, from, now);
        else if (datagram[0] is >= 20 and <= 63)
            _dtls!.Receive(datagram);
        else if (datagram[0] >> 6 == 2 && datagram[1] is >= RtcpFirst and <= RtcpLast && _keys is not null)
            ReceiveRtcp(datagram, now);
        Advance(now);
    }

    /// <summary>Does what is due by now.</summary>
    public void Advance(Instant now)
    {
        if (_ice is null || _state == SenderState.Closed)
            return;
        _ice.Advance(now);
        AdvanceDtls(now);
        if (_state == SenderState.Closed)
            return;
        if (_dtls!.State == DtlsPeerState.Failed || _ice.State == IcePeerState.Failed)
            Enter(SenderState.Failed);
        else if (_keys is not null)
            Enter(_ice.State == IcePeerState.Connected ? SenderState.Connected : _ice.State == IcePeerState.Disconnected ? SenderState.Disconnected : _state);
        if (_keys is null)
            return;
        foreach (var track in _tracks)
        {
            while (track.NextDue <= now)
                SendFrame(track, now);
        }

        SendPaced(now);
        if (_nextReport <= now)
        {
            SendReports(now);
            // RFC 3550, 6.2: 0.5 to 1.5 of the interval, so that senders do not fall into step.
            _nextReport = now + _options.ReportInterval * (0.5 + _random.NextDouble());
        }
    }

    /// <summary>Says goodbye in RTCP and DTLS, as a page that closes its connection.</summary>
    public void Close(Instant now)
    {
        if (_state == SenderState.Closed)
            return;
        if (_keys is not null && _ice!.IsWritable(now))
            SendBye();
        _dtls?.Close();
        FlushDtls();
        Enter(SenderState.Closed);
    }

    /// <summary>Vanishes without a word, as a phone without battery.</summary>
    public void Crash()
    {
        _state = SenderState.Closed;
        _dtls?.Dispose();
    }

    private void AdvanceDtls(Instant now)
    {
        if (_ice!.Selected is null)
            return;
        if (_dtls!.State == DtlsPeerState.New)
            _dtls.Start();
        FlushDtls();
        switch (_dtls.State)
        {
            case DtlsPeerState.Handshaking:
                _polledAt = now;
                break;
            case DtlsPeerState.Connected when _keys is null:
                _polledAt = Instant.Never;
                FlushDtls();
                _keys = new SenderKeys(_dtls.Keys!);
                foreach (var track in _tracks)
                    track.Began = now;
                // The first report soon: browsers do, and lip sync waits for it.
                _nextReport = now + _options.ReportInterval * (0.1 + (0.4 * _random.NextDouble()));
                break;
            case DtlsPeerState.Closed:
                Enter(SenderState.Closed);
                break;
            case DtlsPeerState.Failed:
                _polledAt = Instant.Never;
                break;
        }
    }

    private void FlushDtls()
    {
        if (_ice?.Selected is not { } selected)
            return;
        while (_dtls!.TryTakeOutput(_datagram, out var length))
            Send(_datagram.AsSpan(0, length), selected);
    }

    private void SendFrame(SenderTrack track, Instant now)
    {
        var unit = track.Source.Read();
        if (unit.Payload.IsEmpty)
            return;
        if (!_ice!.IsWritable(now))
        {
            track.NotSentCount++;
            return;
        }

        track.FrameCount++;
        track.KeyFrameCount += unit.KeyFrame ? 1 : 0;
        _observer?.OnFrameSent(track.Kind, unit.Time, unit.KeyFrame, unit.Payload);
        foreach (var stream in track.Streams)
        {
            stream.Packetizer.Begin(unit.Payload);
            var timestamp = stream.TimestampOf(unit.Time);
            while (stream.Packetizer.TryWriteNext(_plain, out var length, out var last))
            {
                var marker = track.Kind == MediaKind.Video ? last : unit.StartsTalkSpurt;
                var kept = stream.Add(_plain.AsSpan(0, length), timestamp, marker);
                kept.LevelDbov = unit.LevelDbov;
                kept.Voice = unit.Voice;
                if (track.Kind == MediaKind.Audio)
                    SendMedia(stream, kept, now);
                else
                    _paced.TryAdd(stream, kept.SequenceNumber);
            }
        }
    }

    private void SendPaced(Instant now)
    {
        if (!_ice!.IsWritable(now))
        {
            _paced.Clear();
            return;
        }

        while (_paced.TryTake(now, out var stream, out var sequence, out var again))
        {
            if (stream.History.Find(sequence) is not { } kept)
                continue;
            _paced.Sent(kept.PayloadLength + 60, now);
            if (again)
                SendAgain(stream, kept, now);
            else
                SendMedia(stream, kept, now);
        }
    }

    private void SendMedia(SendStream stream, KeptPacket kept, Instant now)
    {
        var length = stream.WriteMedia(kept, Stamp(now), _plain);
        kept.SentAt = now;
        if (stream.Media.Kind == MediaKind.Audio)
            _audioPackets++;
        else
            _videoPackets++;
        length = _keys!.Rtp.Protect(_plain.AsSpan(0, length), _datagram);
        if (length == 0)
            return;
        if (stream.Media.Nack && stream.Media.RtxPayloadType is null)
        {
            if (kept.Protected.Length < length)
                kept.Protected = new byte[Math.Max(length, 256)];
            _datagram.AsSpan(0, length).CopyTo(kept.Protected);
            kept.ProtectedLength = length;
        }

        Send(_datagram.AsSpan(0, length), _ice!.Selected!.Value);
    }

    private void SendAgain(SendStream stream, KeptPacket kept, Instant now)
    {
        _retransmitted++;
        kept.SentAt = now;
        kept.IsQueued = false;
        if (stream.Media.RtxPayloadType is null)
        {
            Send(kept.Protected.AsSpan(0, kept.ProtectedLength), _ice!.Selected!.Value);
            return;
        }

        var length = stream.WriteRetransmission(kept, Stamp(now), _plain);
        length = _keys!.Rtp.Protect(_plain.AsSpan(0, length), _datagram);
        if (length > 0)
            Send(_datagram.AsSpan(0, length), _ice!.Selected!.Value);
    }

    private void Send(ReadOnlySpan<byte> datagram, in RemoteAddress to)
    {
        _datagramsSent++;
        _bytesSent += datagram.Length;
        _sink.Transmit(datagram, to);
    }

    private SendStamp Stamp(Instant now) => new(_transportSequence++, (uint)(WallClock(now).Value >> 14) & 0xFF_FFFF);

    private NtpTime WallClock(Instant now) =>
        NtpTime.FromUnixMicroseconds((_options.WallClock - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond + now.Microseconds);
}
