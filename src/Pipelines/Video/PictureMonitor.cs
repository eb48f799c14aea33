using MediaScore.Perception.Vision;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Video;

/// <summary>Watches samples as they pass and warns of what the candidate can mend now: one warning an episode. Not thread-safe.</summary>
internal sealed class PictureMonitor
{
    // Three samples 2 s apart: a hand before the camera or a fast turn is over by then.
    private const int PictureSamples = 3;

    // Two samples 5 s apart: who bends down for a pen is back by then.
    private const int FaceSamples = 2;

    private readonly Episode _dark = new(WarningKind.Dark, PictureSamples);
    private readonly Episode _overexposed = new(WarningKind.Overexposed, PictureSamples);
    private readonly Episode _blurred = new(WarningKind.Blurred, PictureSamples);
    private readonly FaceEpisode _noFace = new(WarningKind.NoFace, FaceSamples);
    private readonly FaceEpisode _severalFaces = new(WarningKind.SeveralFaces, FaceSamples);

    public IEnumerable<QualityWarning> Add(MediaTime time, PictureFault fault)
    {
        QualityWarning?[] warnings =
        [
            _dark.Step(time, fault == PictureFault.Dark), _overexposed.Step(time, fault == PictureFault.Overexposed),
            _blurred.Step(time, fault == PictureFault.Blurred),
        ];
        return warnings.OfType<QualityWarning>();
    }

    public IEnumerable<QualityWarning> Add(FaceSample sample)
    {
        QualityWarning?[] warnings =
            [_noFace.Step(sample.Range.Start, sample.FaceCount == 0), _severalFaces.Step(sample.Range.Start, sample.FaceCount > 1)];
        return warnings.OfType<QualityWarning>();
    }

    /// <summary>A face sample is missing here and may come later: a warning that hangs on it is left to whoever has it.</summary>
    public void Miss(MediaTime time)
    {
        _noFace.Miss(time);
        _severalFaces.Miss(time);
    }

    private sealed class Episode(WarningKind kind, int samples)
    {
        private readonly EpisodeDetector _detector = new(samples);
        private MediaTime _start;

        public QualityWarning? Step(MediaTime time, bool holds)
        {
            if (_detector.Idle)
                _start = time;
            return _detector.Step(holds) ? new QualityWarning(new MediaRange(_start, time), kind) : null;
        }
    }
}
