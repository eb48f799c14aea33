using MediaScore.WebRtc.Rtcp;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// What a source's sender reports say: which NTP time belongs to which RTP time (RFC 3550, 6.4.1). A report that does not fit the one before is believed only
/// when the next one agrees with it: single wrong reports and clocks that are set happen, and neither may move the picture.
/// </summary>
internal sealed class SenderClock(int clockRate)
{
    /// <summary>Largest disagreement that is taken for jitter of the sender's own bookkeeping: twice what lip sync allows. Doubt costs one report only.</summary>
    public const long ToleranceUs = 80_000;

    /// <summary>How near two reports must be to agree with each other.</summary>
    public const long AgreementUs = 50_000;

    private Report _current;
    private Report _doubted;

    public bool HasReport => _current.Ntp.Value != 0;

    /// <summary>When the latest accepted report came.</summary>
    public Instant ReportedAt => _current.Arrival;

    /// <summary>RTP time of the latest accepted report, roll-overs added.</summary>
    public long Ticks => _current.Ticks;

    /// <returns>False where the report is not believed (yet).</returns>
    public bool TryAccept(NtpTime ntp, long ticks, Instant arrival)
    {
        // Zero: the sender has no clock (RFC 3550, 6.4.1).
        if (ntp.Value == 0)
            return false;
        var report = new Report(ntp, ticks, arrival);
        if (!HasReport || Fits(report, _current, ToleranceUs) || (_doubted.Ntp.Value != 0 && Fits(report, _doubted, AgreementUs)))
        {
            (_current, _doubted) = (report, default);
            return true;
        }

        _doubted = report;
        return false;
    }

    /// <summary>How much later on the sender's own clock this report was than <paramref name="other"/>'s; microseconds.</summary>
    public long NtpMicrosecondsSince(SenderClock other) => _current.Ntp.MicrosecondsSince(other._current.Ntp);

    public void Clear() => _current = _doubted = default;

    private bool Fits(in Report report, in Report before, long toleranceUs)
    {
        var byRtp = (Int128)(report.Ticks - before.Ticks) * 1_000_000 / clockRate;
        var error = report.Ntp.MicrosecondsSince(before.Ntp) - byRtp;
        return error >= -toleranceUs && error <= toleranceUs;
    }

    private readonly record struct Report(NtpTime Ntp, long Ticks, Instant Arrival);
}
