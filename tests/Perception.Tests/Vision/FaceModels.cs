using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Vision;
using MediaScore.TestMedia;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Perception.Tests.Vision;

/// <summary>A pool of its own and the prepared face models; the test is skipped where they are not prepared.</summary>
internal sealed class FaceModels : IAsyncDisposable
{
    internal FaceModels()
    {
        foreach (var id in (string[])["blazeface", "face-detect-rfb320", "head-pose", "face-mesh", "iris", "face-embedder", "face-liveness"])
            PreparedModelFiles.Require(id);
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        Prepared = PreparedModels.Open(SharedTestData.PreparedModels, ModelCatalog.Load(Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")));
    }

    internal InferencePool Pool { get; } = new(new InferenceOptions { WorkerCount = 2 }, TimeProvider.System, NullLogger<InferencePool>.Instance);

    internal PreparedModels Prepared { get; }

    internal FaceAnalyzer Analyzer() => new(Pool, Prepared, new FaceAnalysisOptions());

    internal IEnumerable<string> LoadedModels => Pool.Snapshot().Models.Select(model => model.Name).Order();

    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    /// <summary>The portrait that every machine with the Debian package has.</summary>
    internal static async Task<RgbPicture> AstronautAsync(string filter = "null")
    {
        Assert.SkipWhen(FacePicture.Astronaut is null, FacePicture.SkipReason);
        return ToRgb(await PixelPicture.ReadAsync(FacePicture.Astronaut, filter));
    }

    /// <summary>One of the real photos.</summary>
    internal static async Task<RgbPicture> PhotoAsync(string name, string filter = "null") => ToRgb(await PixelPicture.ReadAsync(FolderOf(name), filter));

    internal static Task<byte[]> PhotoBytesAsync(string name) => File.ReadAllBytesAsync(FolderOf(name));

    /// <summary>Every frame of a real video after the filter.</summary>
    internal static async Task<IReadOnlyList<RgbPicture>> FramesAsync(string video, string filter)
    {
        var path = SharedTestData.TryFind("video", video);
        Assert.SkipWhen(path is null, SharedTestData.SkipReason);
        return [.. (await PixelPicture.ReadManyAsync(path, filter)).Select(ToRgb)];
    }

    internal static RgbPicture ToRgb(PixelPicture picture) => new(picture.Rgb24, picture.Width, picture.Height);

    private static string FolderOf(string name)
    {
        var path = SharedTestData.TryFind("faces", name);
        Assert.SkipWhen(path is null, SharedTestData.SkipReason);
        return path;
    }
}
