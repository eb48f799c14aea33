using MediaScore.Inference;
using MediaScore.Perception.Vision;
using MediaScore.TestMedia;

namespace MediaScore.Perception.Tests.Vision;

public sealed class FaceEmbedderTests : IAsyncDisposable
{
    // Between the highest mean of different people and the lowest mean of the same: see the table that the last test prints.
    private const double Threshold = 0.33;

    private readonly Lazy<FaceModels> _models = new(() => new FaceModels());
    private readonly Dictionary<string, float[]> _embeddings = [];

    public async ValueTask DisposeAsync()
    {
        if (_models.IsValueCreated)
            await _models.Value.DisposeAsync();
    }

    [Fact]
    public async Task Embeddings_have_unit_length()
    {
        var embedding = await EmbedAsync(await FaceModels.AstronautAsync());

        embedding.Length.ShouldBe(FaceEmbedder.Dimensions);
        Cosine(embedding, embedding).ShouldBe(1, 1e-5);
    }

    [Theory]
    [InlineData("hflip")]
    [InlineData("scale=256:256")]
    [InlineData("rotate=0.25:ow=iw:oh=ih")]
    [InlineData("lutrgb=r=val*0.6:g=val*0.6:b=val*0.6")]
    public async Task The_same_face_stays_itself(string filter)
    {
        var original = await EmbedAsync(await FaceModels.AstronautAsync());

        var changed = await EmbedAsync(await FaceModels.AstronautAsync(filter));

        Cosine(original, changed).ShouldBeGreaterThan(0.8);
    }

    [Fact]
    public async Task Photos_of_one_person_are_nearer_than_photos_of_two()
    {
        var list = SharedTestData.TryFind("faces", "pairs.tsv");
        Assert.SkipWhen(list is null, SharedTestData.SkipReason);
        var rows = (await File.ReadAllLinesAsync(list)).Skip(1).Select(line => line.Split('\t')).ToList();
        await ReadGrayPicturesAsync(rows);

        foreach (var subset in rows.GroupBy(row => row[0]))
        {
            var same = new List<double>();
            var different = new List<double>();
            foreach (var row in subset)
            {
                var (first, second) = (await EmbedFileAsync(row[1]), await EmbedFileAsync(row[2]));
                if (first.Length > 0 && second.Length > 0)
                    (row[3] == "same" ? same : different).Add(Cosine(first, second));
            }

            var ordered = same.Sum(s => different.Count(d => d < s) + (0.5 * different.Count(d => d.Equals(s)))) / ((double)same.Count * different.Count);
            var right = (same.Count(s => s >= Threshold) + different.Count(d => d < Threshold)) / (double)(same.Count + different.Count);
            var lost = subset.Count() - same.Count - different.Count;
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
                $"{subset.Key}: {same.Count} same {same.Average():0.000} ({same.Min():0.00}), {different.Count} different {different.Average():0.000} ({different.Max():0.00}), AUC {ordered:0.0000}, accuracy at {Threshold} {right:0.000}, {lost} without a face"));

            same.Average().ShouldBeGreaterThan(different.Average() + 0.3, subset.Key);
            ordered.ShouldBeGreaterThan(0.95, subset.Key);
            lost.ShouldBeLessThan(subset.Count() / 8, subset.Key);
        }
    }

    private static double Cosine(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();

    /// <summary>All small grey pictures have one size, so one FFmpeg run reads them.</summary>
    private async Task ReadGrayPicturesAsync(List<string[]> rows)
    {
        var folder = SharedTestData.TryFind("faces", "orl")!;
        var files = rows.SelectMany(row => row[1..3]).Where(file => file.StartsWith("orl/", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal).ToList();
        var all = Directory.GetFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var pictures = await PixelPicture.ReadSequenceAsync(all);
        for (var i = 0; i < all.Count; i++)
        {
            var name = Path.GetRelativePath(Path.GetDirectoryName(folder)!, all[i]);
            if (files.Contains(name))
                _embeddings[name] = await EmbedAsync(FaceModels.ToRgb(pictures[i]));
        }
    }

    private async Task<float[]> EmbedFileAsync(string file)
    {
        if (!_embeddings.TryGetValue(file, out var embedding))
        {
            var path = SharedTestData.TryFind("faces", file)!;
            var bytes = await File.ReadAllBytesAsync(path);
            // Some of the files are called .jpg and are not.
            var picture = bytes is [0xFF, 0xD8, ..] ? PixelPicture.FromJpeg(bytes) : await PixelPicture.ReadAsync(path);
            embedding = await EmbedAsync(FaceModels.ToRgb(picture));
            _embeddings[file] = embedding;
        }

        return embedding;
    }

    private async Task<float[]> EmbedAsync(RgbPicture picture)
    {
        var models = _models.Value;
        var (_, faces) = await FaceDetector.Create(FaceDetectorKind.BlazeFace, models.Pool, models.Prepared).DetectAsync(picture, RequestClass.Deferred);
        return faces.Count == 0 ? [] : (await new FaceEmbedder(models.Pool, models.Prepared).EmbedAsync(picture, faces[0], RequestClass.Deferred)).Embedding.ToArray();
    }
}
