using MediaScore.Load.Measuring;
using MediaScore.Load.Speech;

namespace MediaScore.Load.Clients;

/// <summary>
/// One interview's account: what was said when, which captions came for it, up to where sound is durable. Times are the interview's own, from the first packet of its
/// sound; they become times of this machine by the moment at which that packet was due. Thread-safe.
/// </summary>
internal sealed class InterviewLedger
{
    /// <summary>
    /// What ends less than this before an utterance's end covers it: the detector's sound ends 192 ms after its last voiced window; a breath or a soft consonant before it is
    /// no end of its own.
    /// </summary>
    public static readonly TimeSpan EndTolerance = TimeSpan.FromMilliseconds(400);

    // How far ahead utterances are laid out.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private readonly int _number;
    private readonly SpeechTrack _track;
    private readonly LoadMeter _meter;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<SpokenAccount> _spoken = [];
    private readonly List<(TimeSpan From, TimeSpan To)> _holes = [];
    private long _zero;
    private long _durablePackets;
    private TimeSpan _laidOutUntil;
    private IEnumerator<SpokenPart> _coming;
    private TimeSpan _shift;

    /// <param name="startAt">Where in the track the interview begins.</param>
    public InterviewLedger(int number, SpeechTrack track, TimeSpan startAt, LoadMeter meter, TimeProvider time)
    {
        (_number, _track, _meter, _time, StartAt) = (number, track, meter, time, startAt);
        _coming = track.From(startAt).GetEnumerator();
    }

    public TimeSpan StartAt { get; }

    public SpeechTrack Track => _track;

    public bool HasBegun => Volatile.Read(ref _zero) != 0;

    /// <summary>The first packet of sound is due now.</summary>
    public void Begin(long timestamp) => Interlocked.CompareExchange(ref _zero, timestamp, 0);

    /// <summary>When something at this place of the interview is due.</summary>
    public long DueAt(TimeSpan place) => Volatile.Read(ref _zero) + (long)(place.Ticks * (_time.TimestampFrequency / (double)TimeSpan.TicksPerSecond));

    public TimeSpan PlaceOf(long timestamp) => _time.GetElapsedTime(Volatile.Read(ref _zero), timestamp);

    /// <summary>A caption for this stretch came.</summary>
    public void Caption(TimeSpan start, TimeSpan end, long now)
    {
        _meter.CaptionCame(DueAt(end));
        lock (_gate)
        {
            LayOut(end + Ahead);
            if (Nearest(_spoken, start, end) is not { } account)
                return;
            account.LastCaptionAt = now;
            if (account.EndCaptioned || end < account.Part.VoicedEnd - EndTolerance)
                return;
            account.EndCaptioned = true;
            if (account.Part.ClearEnd)
                Time(account);
            else
                _meter.CaptionUntimed(DueAt(account.Part.VoicedEnd));
        }
    }

    /// <summary>All packets of sound before this one are on disk.</summary>
    public void Durable(long packets, long now)
    {
        lock (_gate)
        {
            for (; _durablePackets < packets; _durablePackets++)
            {
                var place = _durablePackets * SpeechTrack.PacketTime;
                if (!_holes.Exists(hole => place >= hole.From && place < hole.To))
                    _meter.MadeDurable(DueAt(place), now);
            }
        }
    }

    /// <summary>The same by time: everything before it.</summary>
    public void DurableUntil(TimeSpan place, long now) => Durable((place.Ticks + SpeechTrack.PacketTime.Ticks - 1) / SpeechTrack.PacketTime.Ticks, now);

    /// <summary>Nothing was sent between these places, and the track went on where it stood: what was cut by the hole was not said whole.</summary>
    /// <param name="startAt">Where in the track it goes on.</param>
    public void GoOn(TimeSpan from, TimeSpan to, TimeSpan startAt)
    {
        lock (_gate)
        {
            LayOut(from);
            _holes.Add((from, to));
            _spoken.RemoveAll(account => account.Part.VoicedStart >= from);
            foreach (var account in _spoken.Where(account => account.Part.VoicedEnd > from))
                account.Whole = false;
            _coming.Dispose();
            (_coming, _shift, _laidOutUntil) = (_track.From(startAt).GetEnumerator(), to, from);
        }
    }

    /// <summary>
    /// The interview's sound ended here: all that was begun before, and whether it was said whole. An utterance whose end has no caption is not timed by an earlier one,
    /// which would be early by what is missing.
    /// </summary>
    public IReadOnlyList<SpokenAccount> Close(TimeSpan end)
    {
        lock (_gate)
        {
            LayOut(end);
            foreach (var account in _spoken.Where(account => account.Part.VoicedEnd > end))
                account.Whole = false;
            return [.. _spoken.Where(account => account.Part.VoicedStart < end)];
        }
    }

    /// <summary>The utterance that most of a stretch belongs to.</summary>
    public static SpokenAccount? Nearest(IReadOnlyList<SpokenAccount> spoken, TimeSpan start, TimeSpan end)
    {
        SpokenAccount? best = null;
        var most = TimeSpan.Zero;
        // Captions come in order: the newest utterances are the likely ones.
        for (var i = spoken.Count - 1; i >= 0 && spoken[i].Part.VoicedEnd >= start; i--)
        {
            var part = spoken[i].Part;
            var overlap = (part.VoicedEnd < end ? part.VoicedEnd : end) - (part.VoicedStart > start ? part.VoicedStart : start);
            if (overlap > most)
                (best, most) = (spoken[i], overlap);
        }

        return best;
    }

    /// <summary>When the packet was due that has the last voiced sample.</summary>
    public long EndDue(SpokenAccount account) => DueAt(TimeSpan.FromTicks((account.Part.VoicedEnd.Ticks - 1) / SpeechTrack.PacketTime.Ticks * SpeechTrack.PacketTime.Ticks));

    private void Time(SpokenAccount account)
    {
        var due = EndDue(account);
        account.Latency = _time.GetElapsedTime(due, account.LastCaptionAt);
        _meter.Caption(_number, due, account.LastCaptionAt);
    }

    private void LayOut(TimeSpan until)
    {
        for (; _laidOutUntil < until; _laidOutUntil = _spoken[^1].Part.VoicedStart)
        {
            _coming.MoveNext(); // It never ends.
            _spoken.Add(new SpokenAccount(_coming.Current.Shift(_shift)));
        }
    }
}
