using MediaScore.Codecs.Pcm;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

// The tap: everything a connection delivers goes through here, one message at a time, into the recording and then to the analysis.
public sealed partial class InterviewSession
{
    private static readonly TimeSpan LongestJump = Frames.TrackClockOptions.Default.LongestJump;
    private static readonly TrackFormat ControlFormat = new(TrackKind.Control, MediaCodec.None, 0, 0);

    internal async ValueTask<PacketVerdict> AcceptAsync(MediaConnection connection, IncomingPacket packet, CancellationToken cancellationToken)
    {
        if (Check(packet) is { } reason)
            return PacketVerdict.Refuse(reason);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (RefuseConnection(connection) is { } refusal)
                return refusal;
            var track = _tracks[packet.Track];
            if (Refuses(Settings.Permitted, packet.Track))
            {
                if (track.Window.End == 0)
                    Notify(SessionNotice.NotPermitted, $"{packet.Track} is not permitted for this interview; it is neither recorded nor analysed");
                track.Window.Accept(packet.Sequence);
                return new PacketVerdict(PacketOutcome.NotPermitted);
            }

            if (track.Format is not { } format)
                return PacketVerdict.Refuse($"A packet of the {packet.Track} track came, but Start did not describe that track.");
            if (Judge(track, packet.Sequence) is { } verdict)
                return verdict;
            if (!track.TryPlace(packet.Sequence, packet.MediaTimeUs, packet.Payload.Span, connection.Clock, LatestTime, out var time, out var anchor))
            {
                return PacketVerdict.Refuse(
                    $"media_time_us {packet.MediaTimeUs} of {packet.Track} packet {packet.Sequence} is more than {LongestJump.TotalMinutes:0} minutes ahead of the packet before; count from the interview's first packet.");
            }

            if (time > LatestTime)
                return PacketVerdict.Refuse($"{packet.Track} packet {packet.Sequence} lies beyond the longest interview, {LengthLimit.TotalHours:0} hours. Send End.");
            _recording.DescribeTrack(format);
            if (anchor is not null)
                await AppendAnchorAsync(anchor, time);
            await AppendAsync(new RecordedPacket(packet.Track, packet.Sequence, time, packet.KeyFrame, packet.Payload));
            Take(track, packet.Sequence);
            return new PacketVerdict(PacketOutcome.Recorded);
        }
        finally
        {
            _gate.Release();
        }
    }

    internal async ValueTask<PacketVerdict> AcceptControlAsync(
        MediaConnection connection, ulong sequence, long mediaTimeUs, ControlRecord record, CancellationToken cancellationToken)
    {
        if (CheckControl(record) is { } reason)
            return PacketVerdict.Refuse(reason);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var track = _tracks[TrackKind.Control];
            // Checked before "ended": a client that did not hear the acknowledgement of its End says it again.
            if (sequence < track.Window.Next && ReferenceEquals(_connection, connection))
                return new PacketVerdict(PacketOutcome.Duplicate);
            if (RefuseConnection(connection) is { } refusal)
                return refusal;
            if (sequence >= ServerSequenceStart)
                return PacketVerdict.Refuse($"Control sequence {sequence} is out of range; count from 0.");
            var offset = _tracks[TrackKind.Audio] is { Window.End: > 0 } audio ? audio.OffsetUs : _tracks[TrackKind.Video].OffsetUs;
            var time = new MediaTime(Math.Max(Math.Clamp(mediaTimeUs, -1L << 60, 1L << 60) + offset, track.LastTime.Microseconds));
            if (time - _appendedTime > LongestJump)
            {
                return PacketVerdict.Refuse(
                    $"media_time_us {mediaTimeUs} of control message {sequence} is more than {LongestJump.TotalMinutes:0} minutes ahead of the media; count from the interview's first packet.");
            }

            if (Judge(track, sequence) is { } verdict)
                return verdict;
            _recording.DescribeTrack(ControlFormat);
            await AppendAsync(new RecordedPacket(TrackKind.Control, sequence, time, KeyFrame: false, record.Serialize()));
            Take(track, sequence);
            track.Recover(new RecordedPacket(TrackKind.Control, sequence, time, KeyFrame: false, default), 0);
            Remember(record, time);
            if (record is EndRecord)
                TakeNoMore();
            return new PacketVerdict(PacketOutcome.Recorded);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// An answer begins or ends at <paramref name="at"/> on the interview's own clock, said by this server (a page's request) and not by a media connection. Whether the
    /// plan's flow allows it is the caller's to know.
    /// </summary>
    public ValueTask<PacketVerdict> MarkAsync(MediaTime at, string stageId, string questionId, int attempt, bool begins, CancellationToken cancellationToken) =>
        AcceptServerControlAsync(at, new StageMarkerRecord(stageId, questionId, attempt, begins), cancellationToken);

    /// <summary>The same for a written answer.</summary>
    public ValueTask<PacketVerdict> WriteAnswerAsync(MediaTime at, string stageId, string questionId, int attempt, string text, CancellationToken cancellationToken) =>
        AcceptServerControlAsync(at, new WrittenAnswerRecord(stageId, questionId, attempt, text), cancellationToken);

    internal async Task<ulong> NextSequenceAsync(TrackKind track, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _tracks[track].Window.End;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask<PacketVerdict> AcceptServerControlAsync(MediaTime at, ControlRecord record, CancellationToken cancellationToken)
    {
        if (CheckControl(record) is { } reason)
            return PacketVerdict.Refuse(reason);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_disposed != 0 || _ended)
                return new PacketVerdict(_ended ? PacketOutcome.Ended : PacketOutcome.Superseded);
            var track = _tracks[TrackKind.Control];
            var time = MediaTime.Max(at, track.LastTime);
            if (time > LatestTime)
                return PacketVerdict.Refuse($"{time} lies beyond the longest interview, {LengthLimit.TotalHours:0} hours.");
            _recording.DescribeTrack(ControlFormat);
            await AppendAsync(new RecordedPacket(TrackKind.Control, _serverSequence++, time, KeyFrame: false, record.Serialize()));
            track.NoteTime(time);
            Remember(record, time);
            return new PacketVerdict(PacketOutcome.Recorded);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// The server itself ends the interview, at the latest media time that is recorded. Whoever is connected stays connected and hears the rest; no more media
    /// is taken. Completes when the end is durable; an interview that has ended keeps the end it has.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The session is closed; open it again.</exception>
    /// <exception cref="LogStorageException">The disk.</exception>
    public async Task EndAsync(InterviewEndReason reason, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            if (!_ended)
            {
                _recording.DescribeTrack(ControlFormat);
                await AppendAsync(new RecordedPacket(TrackKind.Control, _serverSequence++, _appendedTime, KeyFrame: false, new EndRecord(reason).Serialize()));
                TakeNoMore();
            }
        }
        finally
        {
            _gate.Release();
        }

        await FlushRecordingAsync(cancellationToken);
    }

    private void TakeNoMore()
    {
        Volatile.Write(ref _ended, true);
        _queue.Complete();
    }

    /// <summary>What an earlier process left: numbers, clocks, markers.</summary>
    private void RecoverTracks()
    {
        foreach (var format in _recording.Tracks)
            _tracks[format.Track].Format = format;
        if (_recording.Recovery.RecordCount == 0)
            return;
        using var key = KeyOf(Settings, _services);
        using var reader = RecordingReader.Open(Folder.RecordingPath, key);
        var count = 0L;
        var offsets = new Dictionary<TrackKind, long>();
        foreach (var entry in reader.ReadAll())
        {
            if (!entry.IsPacket)
                continue;
            count++;
            var packet = entry.Packet;
            _appendedTime = MediaTime.Max(_appendedTime, packet.Time);
            Hear(packet);
            if (packet.Track == TrackKind.Control && ControlRecord.TryParse(packet.Payload.Span) is { } record)
            {
                Remember(record, packet.Time);
                if (record is ClockAnchorRecord anchor)
                    offsets[anchor.Track] = anchor.OffsetUs;
                Volatile.Write(ref _ended, _ended || record is EndRecord);
            }

            if (packet.Sequence >= ServerSequenceStart)
            {
                _serverSequence = Math.Max(_serverSequence, packet.Sequence + 1);
                _tracks[TrackKind.Control].NoteTime(packet.Time);
            }
            else
            {
                _tracks[packet.Track].Recover(packet, offsets.GetValueOrDefault(packet.Track));
            }
        }

        foreach (var (track, offset) in offsets)
            _tracks[track].RecoverOffset(offset);
        _durableTime = _appendedTime;
        _recordedUntilUs = _appendedTime.Microseconds;
        _queue.StartAt(count);
        if (_ended)
            _queue.Complete();
    }

    private async ValueTask AppendAnchorAsync(ClockAnchorRecord anchor, MediaTime time)
    {
        _recording.DescribeTrack(ControlFormat);
        await AppendAsync(new RecordedPacket(TrackKind.Control, _serverSequence++, time, KeyFrame: false, anchor.Serialize()));
        Notify(
            SessionNotice.ClockJumped,
            $"the client's clock of the {anchor.Track} track ran backwards by {(anchor.OffsetUs / 1e6):0.0##} s in all; the interview's own clock goes on");
    }

    private async ValueTask AppendAsync(RecordedPacket packet)
    {
        var started = _services.Costs.Start();
        await _recording.AppendAsync(packet);
        _services.Costs.Stop(PipelineStage.Recording, started);
        _appendedTime = MediaTime.Max(_appendedTime, packet.Time);
        Volatile.Write(ref _recordedUntilUs, _appendedTime.Microseconds);
        Hear(packet);
        _queue.Offer(packet);
        if (_dirty)
            return;
        _dirty = true;
        // A wish may be waiting already: whoever makes the recording durable at once (a written answer) does so without taking the loop's wish away.
        if (_flushWanted.CurrentCount == 0)
            _flushWanted.Release();
    }

    private void Hear(in RecordedPacket packet)
    {
        if (packet.Track != TrackKind.Audio)
            return;
        lock (_sound)
            _sound.Hear(packet.Time);
    }

    private PacketVerdict? RefuseConnection(MediaConnection connection)
    {
        if (_disposed != 0 || !ReferenceEquals(_connection, connection))
            return new PacketVerdict(PacketOutcome.Superseded);
        return _ended ? new PacketVerdict(PacketOutcome.Ended) : null;
    }

    private static PacketVerdict? Judge(TrackIngest track, ulong sequence) => track.Window.Judge(sequence) switch
    {
        Frames.SequenceVerdict.Duplicate or Frames.SequenceVerdict.TooOld => new PacketVerdict(PacketOutcome.Duplicate),
        Frames.SequenceVerdict.TooFarAhead =>
            PacketVerdict.Refuse($"Sequence {sequence} of the {track.Track} track is too far ahead; the next one is {track.Window.Next}."),
        _ => null,
    };

    /// <summary>Only what was appended counts as seen: a number that was refused is still asked for.</summary>
    private void Take(TrackIngest track, ulong sequence)
    {
        var lostBefore = track.Window.LostCount;
        track.Window.Accept(sequence);
        if (track.Window.LostCount > lostBefore)
            Notify(SessionNotice.PacketsLost, $"{track.Window.LostCount - lostBefore} packets of the {track.Track} track did not arrive");
    }

    private void Remember(ControlRecord record, MediaTime time)
    {
        ControlEvent? remembered = record switch
        {
            StageMarkerRecord m => new ControlEvent(time, m.StageId, m.QuestionId, m.Attempt, m.Begins),
            WrittenAnswerRecord w => new ControlEvent(time, w.StageId, w.QuestionId, w.Attempt, Begins: false, w.Text),
            _ => null,
        };
        if (remembered is null)
            return;
        lock (_observations)
            _controlHistory.Add(remembered);
    }

    private void Notify(SessionNotice notice, string message) => Publish(new NoticeRaised(MediaRange.At(_appendedTime), notice, message));

    private string? Check(in IncomingPacket packet)
    {
        if (packet.Track is not (TrackKind.Audio or TrackKind.Video))
            return $"Track {packet.Track} carries no packets.";
        if (packet.Payload.IsEmpty)
            return $"{packet.Track} packet {packet.Sequence} is empty.";
        if (packet.Payload.Length > RecordedPacket.MaxPayloadBytes)
            return $"{packet.Track} packet {packet.Sequence} has {packet.Payload.Length} bytes; the limit is {RecordedPacket.MaxPayloadBytes}.";
        if (packet.Track == TrackKind.Audio && _tracks[TrackKind.Audio].Format is { Codec: MediaCodec.Pcm16 } pcm)
        {
            if (!PcmDecoder.IsSupported(pcm.SampleRate, pcm.Channels))
                return $"PCM16 with {pcm.SampleRate} Hz and {pcm.Channels} channels is not supported: 8000 to 48000 Hz, 1 to 8 channels.";
            if (packet.Payload.Length % (2 * pcm.Channels) != 0)
                return $"Audio packet {packet.Sequence} has {packet.Payload.Length} bytes, which is no whole number of {pcm.Channels}-channel 16-bit samples.";
        }

        return null;
    }

    private string? CheckControl(ControlRecord record)
    {
        var (stageId, questionId, attempt) = record switch
        {
            StageMarkerRecord m => (m.StageId, m.QuestionId, m.Attempt),
            WrittenAnswerRecord w => (w.StageId, w.QuestionId, w.Attempt),
            _ => ("", "", 0),
        };
        if (record is EndRecord)
            return null;
        if (Settings.Find(stageId, questionId) is not { } question)
            return $"The plan has no question '{questionId}' in a stage '{stageId}'.";
        if (attempt < 1 || attempt > 1 + question.RerecordCount)
            return $"Attempt {attempt} of question '{questionId}' is out of range: 1 to {1 + question.RerecordCount}.";
        return record is WrittenAnswerRecord { Text.Length: > WrittenAnswerLimit } written
            ? $"The written answer to '{questionId}' has {written.Text.Length} characters; the limit is {WrittenAnswerLimit}."
            : null;
    }
}
