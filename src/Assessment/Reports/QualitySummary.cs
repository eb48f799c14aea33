using MediaScore.Assessment.Scoring;
using MediaScore.Timeline;
using static MediaScore.Assessment.Reports.ReportFigures;

namespace MediaScore.Assessment.Reports;

/// <summary>Sums up how well an interview could be heard and seen.</summary>
internal static class QualitySummary
{
    // Utterances of one breath look like one bar on a page.
    private const long JoinSpeechMs = 300;

    // Sound is measured in windows; neighbours may leave a small hole.
    private const long JoinSoundMs = 1_000;

    // A face sample (one in 5 s) speaks for the time until the next one, but not for a hole.
    private const long FaceSampleReachMs = 10_000;

    public static ReportQuality Of(CanonicalTimeline timeline, Modality permitted) =>
        new(Sound(timeline), Picture(timeline, permitted), [.. Speech(timeline), .. SoundSpans(timeline), .. FaceSpans(timeline)]);

    private static ReportSoundQuality? Sound(CanonicalTimeline timeline)
    {
        var measured = timeline.All<AudioQuality>().DistinctBy(a => a.Range).ToList();
        if (measured.Count == 0)
            return null;
        var seconds = Math.Max(1e-6, measured.Sum(m => m.Range.Duration.TotalSeconds));
        double Share(Func<AudioQuality, double> of) => Rounded(measured.Sum(m => of(m) * m.Range.Duration.TotalSeconds) / seconds, 3);
        var usability = SoundUsability.Of(measured);
        return new ReportSoundQuality(
            Rounded(Median(measured.Select(m => m.SnrDb)), 1), Rounded(Median(measured.Select(m => m.LevelDbfs)), 1), Share(m => m.ClippedShare),
            Share(m => m.MusicLikelihood > 0.5 ? 1 : 0), Rounded(usability.Good, 3), Rounded(usability.Poor, 3), Rounded(usability.Unusable, 3),
            timeline.All<SpeechSegment>().DistinctBy(s => s.Range).Sum(s => Ms(s.Range.Duration)));
    }

    private static ReportPictureQuality? Picture(CanonicalTimeline timeline, Modality permitted)
    {
        var pictures = timeline.All<PictureSample>().DistinctBy(p => p.Range.Start).ToList();
        var faces = timeline.All<FaceSample>().DistinctBy(f => f.Range.Start).ToList();
        var skipped = timeline.SkippedPictureCount;
        if (pictures.Count + faces.Count + skipped == 0)
            return null;
        double? FaceShare(Func<FaceSample, bool> of) => faces.Count == 0 ? null : Rounded((double)faces.Count(of) / faces.Count, 3);
        var looks = permitted.HasFlag(Modality.Gaze) ? faces.Select(f => f.Main?.LooksAtCamera).OfType<bool>().ToList() : [];
        return new ReportPictureQuality(
            pictures.Count, pictures.Count == 0 ? null : Rounded(Median(pictures.Select(p => p.Brightness)), 2),
            pictures.Count == 0 ? null : Rounded(Median(pictures.Select(p => p.Sharpness)), 0),
            pictures.Count == 0 ? 0 : Rounded((double)pictures.Count(p => p.Verdict == QualityVerdict.Good) / pictures.Count, 3), faces.Count,
            FaceShare(f => f.FaceCount > 0), FaceShare(f => f.FaceCount == 1), looks.Count == 0 ? null : Rounded((double)looks.Count(l => l) / looks.Count, 3), skipped);
    }

    private static IEnumerable<ReportTrackSpan> Speech(CanonicalTimeline timeline) =>
        Joined(timeline.All<SpeechSegment>().Select(s => s.Range), JoinSpeechMs).Select(s => new ReportTrackSpan("speech", s.StartMs, s.EndMs));

    private static List<ReportTrackSpan> SoundSpans(CanonicalTimeline timeline) =>
        JoinNeighbours(
            timeline.All<AudioQuality>().DistinctBy(a => a.Range).Select(a => new ReportTrackSpan(
                a.Verdict switch { QualityVerdict.Good => "sound-good", QualityVerdict.Poor => "sound-poor", _ => "sound-unusable" }, Ms(a.Range.Start), Ms(a.Range.End))),
            JoinSoundMs);

    private static List<ReportTrackSpan> FaceSpans(CanonicalTimeline timeline)
    {
        var faces = timeline.All<FaceSample>().DistinctBy(f => f.Range.Start).ToList();
        var end = Ms(timeline.End);
        return JoinNeighbours(
            faces.Select((face, i) =>
            {
                var start = Ms(face.Range.Start);
                var next = i + 1 < faces.Count ? Ms(faces[i + 1].Range.Start) : Math.Max(start, end);
                return new ReportTrackSpan(face.FaceCount switch { 0 => "face-none", 1 => "face-one", _ => "face-several" }, start, Math.Min(next, start + FaceSampleReachMs));
            }),
            joinMs: 0);
    }

    private static List<ReportTrackSpan> JoinNeighbours(IEnumerable<ReportTrackSpan> spans, long joinMs)
    {
        var joined = new List<ReportTrackSpan>();
        foreach (var span in spans)
        {
            if (joined.Count > 0 && joined[^1].Kind == span.Kind && span.StartMs <= joined[^1].EndMs + joinMs)
                joined[^1] = joined[^1] with { EndMs = Math.Max(joined[^1].EndMs, span.EndMs) };
            else
                joined.Add(span);
        }

        return joined;
    }
}
