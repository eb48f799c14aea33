using MediaScore.FaceDetectors;
using MediaScore.Inference.Catalog;
using MediaScore.TestMedia;

// Recall and cost of the face detectors on the photographs of the test media: the table of docs/decisions/0003-face-detector.md.
//   MEDIASCORE_TEST_DATA=... dotnet run -c Release --project bench/FaceDetectors
if (SharedTestData.TryFind("faces") is not { } faces)
{
    Console.Error.WriteLine(SharedTestData.SkipReason);
    return 1;
}

var models = PreparedModels.Open(SharedTestData.PreparedModels, ModelCatalog.Load(Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")));
using var back = new BlazeFaceDetector(models.Get("blazeface"));
using var front = new BlazeFaceDetector(models.Get("blazeface-front"));
using var rfb = new RfbDetector(models.Get("face-detect-rfb320"));
IFaceDetector[] detectors = [back, front, rfb];

Console.WriteLine($"| set | faces | {string.Join(" | ", detectors.Select(detector => $"{detector.Name}: found, extra"))} |");
Console.WriteLine($"| --- | --- |{string.Concat(detectors.Select(_ => " --- |"))}");
PhotographSets.Report(Path.Combine(faces, "lfw10"), "LFW, 250 x 250, one face", detectors);
PhotographSets.Report(Path.Combine(faces, "celeb5"), "photographs, one face", detectors);
PhotographSets.Report(Path.Combine(faces, "orl"), "ORL, gray, 92 x 112, one face", detectors);
PhotographSets.Report(Path.Combine(faces, "bbt"), "film stills, 150 x 150, one face", detectors);
PhotographSets.ReportGroups(faces, detectors);
foreach (var height in (int[])[16, 24, 32, 48, 64, 96, 128])
    PlacedFaces.Report(Path.Combine(faces, "lfw10"), height, detectors);

Console.WriteLine();
foreach (var detector in detectors)
    Console.WriteLine($"{detector.Name}: {ModelCost.Milliseconds(detector):0.00} ms a picture of 640 x 360 on one thread (fastest of 101; preparation of the picture not counted)");
return 0;
