using MediaScore.Timeline;

namespace MediaScore.Pipelines.Frames;

/// <summary>
/// Maps one track's client times to the interview's clock, which never runs backwards and never restarts. A pure function of the packets in sequence order:
/// arrival times play no part, so a replay of the recording places every packet where the live session did. Not thread-safe.
/// </summary>
/// <remarks>
/// A clock that lost its offset (a crash before its state was durable) heals by itself: the next packet looks like a backward jump and is put where the
/// recording ends, which is where it would have been put anyway.
/// </remarks>
public sealed class TrackClock(TrackClockOptions options, TrackClockState state = default)
{
    /// <summary>After the last packet that was not refused.</summary>
    public TrackClockState State { get; private set; } = state;

    /// <summary>Places the next packet. Call in ascending order of <paramref name="sequence"/>.</summary>
    /// <param name="sequence">The packet's number in its track.</param>
    /// <param name="clientMicroseconds">As the client stamped it.</param>
    /// <param name="duration">How long it sounds; zero for pictures, whose length is not known.</param>
    public TrackTime Place(ulong sequence, long clientMicroseconds, TimeSpan duration)
    {
        var expected = State.Expected.Microseconds;
        var first = State is { NextSequence: 0, Expected.Microseconds: 0 };
        var lost = sequence > State.NextSequence;

        // Checked before the offset is added: a hostile stamp may lie at either end of the range of 64 bits.
        var limit = options.LongestJump.Ticks / TimeSpan.TicksPerMicrosecond;
        if (clientMicroseconds > long.MaxValue / 4 || clientMicroseconds + State.OffsetMicroseconds - expected > limit)
            return new TrackTime(ClockVerdict.Refused, State.Expected, MediaRange.At(State.Expected), TimeSpan.MaxValue, lost);

        var told = Math.Max(clientMicroseconds, long.MinValue / 4) + State.OffsetMicroseconds;
        var jump = told - expected;
        var known = duration > TimeSpan.Zero;
        var verdict = ClockVerdict.Steady;
        var placed = Math.Max(told, expected);
        var offset = State.OffsetMicroseconds;
        if (jump < -Microseconds(options.BackwardTolerance))
        {
            verdict = ClockVerdict.JumpedBackward;
            offset -= jump;
        }
        else if (known && jump <= Microseconds(options.SeamTolerance))
        {
            placed = first ? placed : expected;
        }
        else if (!first && jump > Microseconds(known ? options.GapThreshold : options.PictureGapThreshold))
        {
            // A track that merely begins late misses nothing.
            verdict = ClockVerdict.JumpedForward;
        }

        var time = new MediaTime(placed);
        var hole = verdict == ClockVerdict.JumpedForward ? new MediaRange(State.Expected, time) : MediaRange.At(time);
        State = new TrackClockState(sequence + 1, time + duration, offset);
        return new TrackTime(verdict, time, hole, TimeSpan.FromMicroseconds(Math.Max(jump, -long.MaxValue / 100)), lost);
    }

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
