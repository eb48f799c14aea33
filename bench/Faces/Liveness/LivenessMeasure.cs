using MediaScore.Benchmarks.Faces.Data;
using MediaScore.Benchmarks.Faces.Matching;
using MediaScore.Perception.Vision;
using MediaScore.TestMedia;

namespace MediaScore.Benchmarks.Faces.Liveness;

/// <summary>Shows real faces, and simulated prints and screens of the same, to the server's path.</summary>
internal sealed class LivenessMeasure(FaceReader reader, FaceSet set)
{
    private const string Video = "video";
    private const string InColour = "in colour";

    // Gray pictures of a few pixels (the others of the set) are nothing that a door's camera gives.
    private static readonly string[] ColourSources = ["lfw10", "celeb5", Video];

    // Frames of people who talk to a camera: the nearest that the media have to what a terminal sees.
    private static readonly string[] Videos = ["grid_bbaf2n.mpg", "grid_brbk7n.mpg", "grid_lrwp9a.mpg", "grid_lwbsza.mpg", "grid_sbwe5n.mpg"];

    private static readonly double[] Thresholds = [0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999];

    private readonly List<(string Source, Presentation Presentation, double? Probability)> _shown = [];

    /// <summary>A row a source at the threshold in use, then one a threshold over the video and over all sources in colour.</summary>
    public async Task<List<LivenessRow>> RunAsync(IReadOnlyList<FaceReading> readings, double inUse)
    {
        foreach (var reading in readings.Where(reading => reading.LiveProbability is not null))
            await ShowAsync(reading.Photo.Subset, reader.Decode(set.PathOf(reading.Photo)));
        foreach (var frame in await FramesAsync())
            await ShowAsync(Video, frame);
        var rows = _shown.Select(shown => shown.Source).Distinct().Select(source => Row(source, inUse, shown => shown == source)).ToList();
        if (_shown.Any(shown => shown.Source == Video))
            rows.AddRange(Thresholds.Where(threshold => threshold != inUse).Select(threshold => Row(Video, threshold, source => source == Video)));
        rows.AddRange(Thresholds.Select(threshold => Row(InColour, threshold, source => ColourSources.Contains(source))));
        return rows;
    }

    private static async Task<List<RgbPicture>> FramesAsync()
    {
        var frames = new List<RgbPicture>();
        foreach (var video in Ffmpeg.IsAvailable ? Videos : [])
        {
            if (SharedTestData.TryFind(Video, video) is { } path)
                frames.AddRange((await PixelPicture.ReadManyAsync(path, "fps=2")).Select(frame => new RgbPicture(frame.Rgb24, frame.Width, frame.Height)));
        }

        return frames;
    }

    private async Task ShowAsync(string source, RgbPicture picture)
    {
        foreach (var presentation in Enum.GetValues<Presentation>())
            _shown.Add((source, presentation, await reader.LiveProbabilityAsync(Recapture.Show(picture, presentation))));
    }

    private LivenessRow Row(string source, double threshold, Func<string, bool> isMeant)
    {
        var meant = _shown.Where(shown => isMeant(shown.Source)).ToLookup(shown => shown.Presentation, shown => shown.Probability);
        return new LivenessRow(
            source, threshold, Wrong(Presentation.Real), Wrong(Presentation.Paper), Wrong(Presentation.Screen), Wrong(Presentation.ClosePrint),
            meant.Where(group => group.Key != Presentation.Real).Sum(group => group.Count(probability => probability is null)));

        // As a door decides: from the threshold on it lives.
        Rate Wrong(Presentation presentation)
        {
            var known = meant[presentation].Where(probability => probability.HasValue).Select(probability => probability.GetValueOrDefault()).ToList();
            return new Rate(known.Count(probability => (probability >= threshold) != (presentation == Presentation.Real)), known.Count);
        }
    }
}
