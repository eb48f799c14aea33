using SkiaSharp;

namespace MediaScore.FaceDetectors;

/// <summary>Photographs with a known number of faces. Places are not labelled, so faces are counted: what is found beyond the number is extra.</summary>
internal static class PhotographSets
{
    /// <summary>Widest picture that the server decodes key frames to.</summary>
    private const int MaxWidth = 640;

    // Counted by eye, people who turn their back left out.
    private static readonly (string File, int Faces)[] Groups =
    [
        ("group/vladmandic_group-2.jpg", 3), ("group/vladmandic_group-6.jpg", 3), ("group/vladmandic_group-7.jpg", 4),
        ("bbt/group/bbt1.jpg", 4), ("bbt/group/bbt2.jpg", 3), ("bbt/group/bbt3.jpg", 5), ("bbt/group/bbt4.jpg", 6), ("bbt/group/bbt5.jpg", 5),
    ];

    public static void Report(string folder, string name, IReadOnlyList<IFaceDetector> detectors) => Report(
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/group/", StringComparison.Ordinal)).Order().Select(file => (file, 1))],
        name, detectors);

    public static void ReportGroups(string faces, IReadOnlyList<IFaceDetector> detectors) =>
        Report([.. Groups.Select(group => (Path.Combine(faces, group.File), group.Faces))], "groups, scaled to 640 wide", detectors);

    public static SKBitmap Read(string path)
    {
        var picture = SKBitmap.Decode(path) ?? throw new InvalidDataException($"{path} is no picture that Skia reads.");
        if (picture.Width <= MaxWidth)
            return picture;
        using (picture)
        {
            var height = (int)Math.Round((double)picture.Height * MaxWidth / picture.Width);
            return picture.Resize(new SKImageInfo(MaxWidth, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        }
    }

    private static void Report(IReadOnlyList<(string File, int Faces)> pictures, string name, IReadOnlyList<IFaceDetector> detectors)
    {
        var found = new int[detectors.Count];
        var extra = new int[detectors.Count];
        foreach (var (file, faces) in pictures)
        {
            using var picture = Read(file);
            for (var index = 0; index < detectors.Count; index++)
            {
                var count = detectors[index].Find(picture).Count;
                found[index] += Math.Min(count, faces);
                extra[index] += Math.Max(0, count - faces);
            }
        }

        Console.WriteLine($"| {name} | {pictures.Sum(picture => picture.Faces)} | {string.Join(" | ", found.Zip(extra, (right, wrong) => $"{right}, {wrong}"))} |");
    }
}
