using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>
/// A sender whose sound card, camera and wall clock run as they like, seen through a network with delay. Time is the true time; what is measured is how far a
/// picture is placed from the sound that was captured with it.
/// </summary>
internal sealed class ClockSimulation(int seed = 1)
{
    private const uint AudioStart = 4_000_000_000; // Wraps after an hour and a half at 48 kHz, within minutes here.
    private const uint VideoStart = 4_294_000_000;
    private const long Wall = 1_764_000_000_000_000;

    private readonly Random _random = new(seed);
    private TimestampUnwrapper _audioTicks;
    private TimestampUnwrapper _videoTicks;

    public MediaClock Clock { get; } = new();

    public double AudioSkewPpm { get; init; }

    public double VideoSkewPpm { get; init; }

    /// <summary>Of the sender's wall clock against true time.</summary>
    public double WallSkewPpm { get; init; }

    public double JitterMs { get; init; } = 30;

    /// <summary>How much longer pictures take to come than sound.</summary>
    public double VideoExtraDelayMs { get; init; } = 40;

    /// <summary>Seconds of true time to what is added to that.</summary>
    public Func<double, double> VideoLateMs { get; init; } = static _ => 0;

    public bool SendsAudioReports { get; init; } = true;

    public bool SendsVideoReports { get; init; } = true;

    /// <summary>Seconds of true time to what is added to the wall clock in the reports of sound and of pictures.</summary>
    public Func<double, (double AudioMs, double VideoMs)> ReportErrorMs { get; init; } = static _ => (0, 0);

    /// <summary>Seconds in which no sound is sent.</summary>
    public Func<double, bool> AudioPauses { get; init; } = static _ => false;

    public bool HasAudio { get; init; } = true;

    public double AudioStartsAt { get; init; }

    /// <summary>Worst distance of picture from sound, after the given time.</summary>
    public double WorstMs { get; private set; }

    public double LargestStepMs { get; private set; }

    public int BackwardCount { get; private set; }

    public List<(double TrueSeconds, long MediaUs, double ErrorMs)> Pictures { get; } = [];

    public List<(double TrueSeconds, long MediaUs)> Sounds { get; } = [];

    public void Run(double seconds, double measureFrom = 10)
    {
        var (nextAudio, nextVideo, nextAudioReport, nextVideoReport) = (AudioStartsAt, 0.005, 1.2, 0.7);
        double lastError = double.NaN, lastVideo = -1;
        while (true)
        {
            var now = Math.Min(Math.Min(HasAudio ? nextAudio : double.MaxValue, nextVideo), Math.Min(nextAudioReport, nextVideoReport));
            if (now >= seconds)
                return;
            if (now == nextAudio && HasAudio)
            {
                if (!AudioPauses(now))
                    Sounds.Add((now, Clock.PlaceAudio(_audioTicks.Unwrap(AudioStamp(now)), Arrival(now, 0), 960)));
                nextAudio += 0.02 / (1 + AudioSkewPpm * 1e-6);
            }
            else if (now == nextVideo)
            {
                var media = Clock.PlaceVideo(_videoTicks.Unwrap(VideoStamp(now)), Arrival(now, VideoExtraDelayMs + VideoLateMs(now)));
                var error = Sounds.Count == 0 ? 0 : (media - SoundAt(now)) / 1000.0;
                Pictures.Add((now, media, error));
                BackwardCount += media < lastVideo ? 1 : 0;
                lastVideo = media;
                if (now >= measureFrom)
                {
                    WorstMs = Math.Max(WorstMs, Math.Abs(error));
                    if (!double.IsNaN(lastError))
                        LargestStepMs = Math.Max(LargestStepMs, Math.Abs(error - lastError));
                    lastError = error;
                }

                nextVideo += 1 / 15.0;
            }
            else if (now == nextAudioReport)
            {
                // Browsers reckon the RTP time of a report from their last frame: some milliseconds off.
                if (SendsAudioReports && Sounds.Count > 0)
                    Clock.OnAudioReport(Ntp(now, ReportErrorMs(now).AudioMs), Locate(_audioTicks, AudioStamp(now) + Off(48)), Arrival(now, 0));
                nextAudioReport += 5;
            }
            else
            {
                if (SendsVideoReports && Pictures.Count > 0)
                    Clock.OnVideoReport(Ntp(now, ReportErrorMs(now).VideoMs), Locate(_videoTicks, VideoStamp(now) + Off(90)), Arrival(now, 0));
                nextVideoReport += 1;
            }
        }
    }

    /// <summary>Where the sound that is captured at this time lies in the recording.</summary>
    private double SoundAt(double seconds)
    {
        var (anchorTrue, anchorMedia) = Sounds[^1];
        return anchorMedia + (seconds - anchorTrue) * 1e6 * (1 + AudioSkewPpm * 1e-6);
    }

    private static long Locate(TimestampUnwrapper unwrapper, uint stamp) => unwrapper.Locate(stamp);

    private uint AudioStamp(double seconds) => (uint)(AudioStart + (long)Math.Round(seconds * 48_000 * (1 + AudioSkewPpm * 1e-6)));

    private uint VideoStamp(double seconds) => (uint)(VideoStart + (long)Math.Round(seconds * 90_000 * (1 + VideoSkewPpm * 1e-6)));

    private uint Off(int ticksPerMs) => (uint)((_random.NextDouble() * 16 - 8) * ticksPerMs);

    private NtpTime Ntp(double seconds, double errorMs) =>
        NtpTime.FromUnixMicroseconds(Wall + (long)(seconds * 1e6 * (1 + WallSkewPpm * 1e-6)) + (long)(errorMs * 1000));

    private Instant Arrival(double seconds, double extraMs) => new((long)((seconds + 3) * 1e6 + (25 + extraMs + _random.NextDouble() * JitterMs) * 1000));
}
