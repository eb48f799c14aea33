using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// The session's clock. The sound's sample clock is the clock: sound is placed by its RTP time and nothing else, so that the recording is contiguous to the
/// sample. Pictures are laid on it by both sender reports, by arrival until both exist, and are moved so slowly that nobody sees it. Without sound the
/// pictures' own RTP clock is the clock. Microseconds since the session's first packet.
/// </summary>
internal sealed class MediaClock
{
    // 2 %: 20 ms a second. A film runs 4 % faster on European television, and nobody notices.
    private const int SlewDivisor = 50;

    // Beyond this the mapping was simply wrong; moving it at 20 ms a second would leave half a minute out of step.
    private const long StepUs = 500_000;

    // Both kinds take the same way, so what the reports say can differ from what the arrivals say by encoder and pacer only. A pair of reports that claims
    // more is wrong: senders with 318 ms in one session and hours in another have been seen.
    private const long ImplausibleUs = 300_000;

    // At the beginning arrivals are a guess by one packet each; the first pair of reports is taken at once.
    private const long BeginningUs = 10_000_000;

    // With 200 ppm between the clocks, reports that far apart disagree by 6 ms.
    private static readonly TimeSpan StaleReport = TimeSpan.FromSeconds(30);

    private readonly StreamTimeline _audio = new(OpusPayload.ClockRate);
    private readonly StreamTimeline _video;
    private Instant _origin = Instant.Never;
    private long _targetUs;
    private long _doubtedTargetUs = long.MinValue;
    private bool _hasTarget;
    private Instant _targetByReportsAt = new(long.MinValue / 2);
    private long _lastVideoTicks;

    public MediaClock(int videoClockRate = 90_000) => _video = new StreamTimeline(videoClockRate);

    /// <summary>Sender reports, or pairs of them, that were not believed.</summary>
    public long RefusedReportCount { get; private set; }

    /// <summary>Leaps that were mended: no network does them.</summary>
    public long LeapCount { get; private set; }

    /// <summary>Pictures are laid by sender reports, not by arrival.</summary>
    public bool IsSynchronised => _hasTarget;

    /// <summary>How far the pictures' place is from where it is being moved to.</summary>
    public TimeSpan RemainingCorrection => TimeSpan.FromMicroseconds(_hasTarget ? _targetUs - _video.OffsetUs : 0);

    public long PlaceAudio(long ticks, Instant arrival, int durationTicks)
    {
        if (!_audio.IsAnchored)
            _audio.Anchor(ticks, arrival, ByArrival(arrival, _audio, _video));
        else if (_audio.Note(ticks, arrival))
            LeapCount++;
        return _audio.Place(ticks, durationTicks * 1_000_000L / OpusPayload.ClockRate);
    }

    public long PlaceVideo(long ticks, Instant arrival)
    {
        if (!_video.IsAnchored)
        {
            _video.Anchor(ticks, arrival, ByArrival(arrival, _audio, _video));
            Forget();
        }
        else if (_video.Note(ticks, arrival, _hasTarget))
        {
            LeapCount++;
            Forget();
        }
        else
        {
            Slew(ticks, arrival);
        }

        _lastVideoTicks = ticks;
        return _video.Place(ticks, durationUs: 1);
    }

    /// <summary>Another source of sound: its first packet is placed by arrival, behind what there is.</summary>
    public void ChangeAudioSource() => _audio.Release();

    public void ChangeVideoSource() => _video.Release();

    /// <param name="ticks">The report's RTP time, roll-overs added, on the same count as the packets.</param>
    public void OnAudioReport(NtpTime ntp, long ticks, Instant arrival) => OnReport(_audio, ntp, ticks, arrival);

    public void OnVideoReport(NtpTime ntp, long ticks, Instant arrival) => OnReport(_video, ntp, ticks, arrival);

    private long ByArrival(Instant arrival, StreamTimeline first, StreamTimeline second)
    {
        if (_origin == Instant.Never)
            _origin = arrival;
        var known = first.Transit.HasValue ? first : second.Transit.HasValue ? second : null;
        return known is null ? (arrival - _origin).Ticks / TimeSpan.TicksPerMicrosecond : arrival.Microseconds - known.PlacedTransitUs;
    }

    private void Forget()
    {
        _hasTarget = false;
        _doubtedTargetUs = long.MinValue;
    }

    private void OnReport(StreamTimeline stream, NtpTime ntp, long ticks, Instant arrival)
    {
        if (!stream.IsAnchored)
            return;
        if (!stream.Sender.TryAccept(ntp, ticks, arrival))
        {
            RefusedReportCount++;
            return;
        }

        if (!_audio.IsAnchored || !_video.IsAnchored || !_audio.Sender.HasReport || !_video.Sender.HasReport)
            return;
        var apart = _video.Sender.ReportedAt - _audio.Sender.ReportedAt;
        if (apart <= StaleReport && apart >= -StaleReport)
            OnPair(arrival);
    }

    private void OnPair(Instant arrival)
    {
        var audioAtReport = _audio.Microseconds(_audio.Sender.Ticks) + _audio.OffsetUs;
        var target = audioAtReport + _video.Sender.NtpMicrosecondsSince(_audio.Sender) - _video.Microseconds(_video.Sender.Ticks);
        if (!IsNear(target, OffsetByArrivals(), ImplausibleUs))
        {
            RefusedReportCount++;
            return;
        }

        if (!_hasTarget)
        {
            (_targetUs, _hasTarget) = (target, true);
            if (_video.EndUs < BeginningUs)
                _video.OffsetUs = target;
        }
        else if (IsNear(target, _targetUs, SenderClock.ToleranceUs))
        {
            // A sender reckons the RTP time of its reports from its last frame: some milliseconds of jitter.
            _targetUs += (target - _targetUs) / 4;
        }
        else if (_doubtedTargetUs != long.MinValue && IsNear(target, _doubtedTargetUs, SenderClock.AgreementUs))
        {
            _targetUs = target;
        }
        else
        {
            _doubtedTargetUs = target;
            RefusedReportCount++;
            return;
        }

        _doubtedTargetUs = long.MinValue;
        _targetByReportsAt = arrival;
    }

    private void Slew(long ticks, Instant arrival)
    {
        if (!_audio.IsAnchored)
            return;
        if (_hasTarget && arrival - _targetByReportsAt > StaleReport && !IsNear(_targetUs, OffsetByArrivals(), ImplausibleUs))
            Forget();
        var target = _hasTarget ? _targetUs : OffsetByArrivals();
        var error = target - _video.OffsetUs;
        if (!IsNear(error, 0, StepUs))
        {
            _video.OffsetUs = target;
            return;
        }

        var passed = _video.Microseconds(ticks - _lastVideoTicks);
        var most = passed < 0 ? 0 : passed / SlewDivisor;
        _video.OffsetUs += Math.Clamp(error, -most, most);
    }

    /// <summary>The pictures' offset if the best packets of both kinds were on their way equally long.</summary>
    private long OffsetByArrivals() => _video.Transit.Minimum - _audio.PlacedTransitUs;

    // Without Math.Abs, which throws for the one number that a hostile sender can reach.
    private static bool IsNear(long left, long right, long tolerance)
    {
        var difference = (Int128)left - right;
        return difference >= -tolerance && difference <= tolerance;
    }
}
