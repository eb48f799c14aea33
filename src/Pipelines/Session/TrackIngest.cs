using MediaScore.Codecs.Opus;
using MediaScore.Pipelines.Frames;
using MediaScore.Recording;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Session;

/// <summary>
/// The tap's memory of one track: which numbers it has, and how the client's clock lies on the interview's. Rebuilt from the recording after a restart. Not
/// thread-safe: the session's gate guards it.
/// </summary>
internal sealed class TrackIngest(TrackKind track)
{
    /// <summary>Of this server's own clock: as far ahead as an interview is long.</summary>
    private static readonly TrackClockOptions ServerClock = TrackClockOptions.Default with { LongestJump = InterviewSession.LengthLimit };

    private TrackClock _clock = new(TrackClockOptions.Default);

    public TrackKind Track { get; } = track;

    /// <summary>Null until a connection (or the recording) has described the track.</summary>
    public TrackFormat? Format { get; set; }

    public SequenceWindow Window { get; private set; } = new();

    /// <summary>Interview time of the latest packet.</summary>
    public MediaTime LastTime { get; private set; }

    public long OffsetUs => _clock.State.OffsetMicroseconds;

    /// <summary>Takes up one packet of the recording again.</summary>
    public void Recover(in RecordedPacket packet, long offsetUs)
    {
        Window.Accept(packet.Sequence);
        LastTime = MediaTime.Max(LastTime, packet.Time);
        if (packet.Sequence < _clock.State.NextSequence)
            return;
        _clock = new TrackClock(TrackClockOptions.Default, new TrackClockState(packet.Sequence + 1, packet.Time + DurationOf(packet.Payload.Span), offsetUs));
    }

    /// <summary>The recording says so, though the packet that it was said for may not have come to disk.</summary>
    public void RecoverOffset(long offsetUs) => _clock = new TrackClock(TrackClockOptions.Default, _clock.State with { OffsetMicroseconds = offsetUs });

    /// <summary>A record of this server's own, which has no number in the window, lies here.</summary>
    public void NoteTime(MediaTime time) => LastTime = MediaTime.Max(LastTime, time);

    /// <summary>Places a packet on the interview's clock.</summary>
    /// <param name="latest">The end of the clock. A packet beyond it moves nothing, since it will not be taken.</param>
    /// <param name="anchor">Set when the clock had to be set anew and the recording must say so before the packet.</param>
    /// <returns>False when its time stamp is further ahead than is believed.</returns>
    public bool TryPlace(ulong sequence, long clientUs, ReadOnlySpan<byte> payload, MediaClockSource source, MediaTime latest, out MediaTime time, out ClockAnchorRecord? anchor)
    {
        anchor = null;
        if (sequence < _clock.State.NextSequence)
        {
            // Out of order: it belongs before packets that were placed already, so it moves no clock.
            time = new MediaTime(Math.Clamp(clientUs + OffsetUs, 0, LastTime.Microseconds));
            return true;
        }

        var before = _clock.State;
        if (source is MediaClockSource.Server)
            _clock = new TrackClock(ServerClock, before);
        var placed = _clock.Place(sequence, clientUs, DurationOf(payload));
        time = placed.Time;
        if (placed.Verdict == ClockVerdict.Refused)
            return false;
        if (time > latest)
        {
            _clock = new TrackClock(TrackClockOptions.Default, before);
            return true;
        }

        if (placed.Verdict == ClockVerdict.JumpedBackward)
            anchor = new ClockAnchorRecord(Track, OffsetUs, GapReasons.ClockJumpedBackward, before.Expected.Microseconds, time.Microseconds);
        LastTime = MediaTime.Max(LastTime, time);
        return true;
    }

    private TimeSpan DurationOf(ReadOnlySpan<byte> payload) => Format switch
    {
        { Codec: MediaCodec.Opus } => OpusPacketInspector.TryInspect(payload, out var info) ? info.Duration : TimeSpan.Zero,
        { Codec: MediaCodec.Pcm16, SampleRate: > 0, Channels: > 0 } pcm =>
            TimeSpan.FromMicroseconds((long)payload.Length / (2 * pcm.Channels) * 1_000_000 / pcm.SampleRate),
        _ => TimeSpan.Zero,
    };
}
