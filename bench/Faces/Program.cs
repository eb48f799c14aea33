using System.Text.Json;
using MediaScore.Benchmarks.Faces;
using MediaScore.Benchmarks.Faces.Data;
using MediaScore.Benchmarks.Faces.Liveness;
using MediaScore.Benchmarks.Faces.Matching;
using MediaScore.Benchmarks.Faces.Report;
using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.Inference.Catalog;
using MediaScore.Load.Report;
using MediaScore.TestMedia;

// How well faces are told apart, and living ones from pictures of them: see README.md beside this file.
var options = FacesOptions.Parse(args);
if (FaceSet.TryLoad() is not { } set)
{
    Console.Error.WriteLine(SharedTestData.SkipReason);
    return 1;
}

var models = PreparedModels.Open(options.Models, ModelCatalog.Load(Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")));
await using var reader = new FaceReader(models, options.Graph);
var readings = new List<FaceReading>();
foreach (var photo in set.Photos)
    readings.Add(await reader.ReadAsync(photo, set.PathOf(photo)));

// Comparing is decided as doors decide, enrolling as enrolments do.
var (doors, gallery) = (new DeviceOptions(), new GalleryOptions());
var comparisons = Comparison.AllOf(readings);
var chosen = ThresholdChoice.Choose(comparisons);
var pairs = new PairVerification(set, readings.ToDictionary(reading => reading.Photo.File, reading => reading.Server));
var result = new FacesResult(
    [.. reader.Models.Select(model => $"{model.Id} {model.Version}")],
    readings.Count,
    readings.Select(reading => reading.Photo.Person).Distinct().Count(),
    [.. readings.Where(reading => reading.Failure is not null).Select(reading => new LostPhoto(reading.Photo.File, reading.Failure ?? ""))],
    chosen,
    ThresholdChoice.At(comparisons, doors.AcceptSimilarity),
    pairs.Measure(doors.AcceptSimilarity, chosen.Threshold),
    Identify(),
    DuplicateRow.Measure([.. readings.Where(reading => reading.Failure is null && reading.Quality is { } quality && quality.Worth >= gallery.LeastQuality)]),
    OutsideComparison.Of(set, readings, doors.AcceptSimilarity),
    gallery.LeastQuality,
    [.. set.Subsets.Select(subset => QualityRow.Of(subset, readings, gallery.LeastQuality))],
    await new LivenessMeasure(reader, set).RunAsync(readings, doors.LiveProbability));

if (options.PrintsJson)
    Console.WriteLine(JsonSerializer.Serialize(result, FacesJson.Default.FacesResult));
else
    FacesTables.Print(result);
if (options.Curve is { } curve && !DrawCurve(curve))
    Console.Error.WriteLine(ChartFont.Advice);
return result.Outside.IsEqual ? 0 : 1;

List<IdentificationRow> Identify()
{
    var rows = new List<IdentificationRow>();
    foreach (var subset in set.Subsets.Append(PairVerification.All))
    {
        var faces = readings.Where(reading => subset == PairVerification.All || reading.Photo.Subset == subset).Select(reading => (reading.Photo.Person, reading.Server)).ToList();
        // One template as after an import, three as after an enrolment before a camera.
        foreach (var templateCount in (int[])[1, 3])
        {
            var identification = new PersonIdentification(subset, faces, templateCount);
            rows.AddRange(((double[])[doors.AcceptSimilarity, chosen.Threshold]).Distinct().Select(identification.Measure));
        }
    }

    return rows;
}

bool DrawCurve(string path)
{
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    var every = new PairScores(comparisons.Select(comparison => (comparison.IsSame, comparison.Cosine)));
    return DetCurve.Save(
        path,
        [new DetLine("every photo with every other", every), .. set.Subsets.Select(subset => new DetLine($"labelled pairs, {subset}", pairs.ScoresOf(subset)))],
        [new DetMark($"threshold in use, {doors.AcceptSimilarity:0.00}", doors.AcceptSimilarity), new DetMark($"threshold that the data supports, {chosen.Threshold:0.00}", chosen.Threshold)]);
}
