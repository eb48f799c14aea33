using MediaScore.Benchmarks.Faces.Data;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Vision;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.Benchmarks.Faces;

/// <summary>Looks at photos on the server's own path: its decoder, its analyzer, its pool. Each aligned crop is embedded once more outside of all that.</summary>
internal sealed class FaceReader : IAsyncDisposable
{
    private const FaceFeatures Wanted = FaceFeatures.Presence | FaceFeatures.Identity | FaceFeatures.Liveness;

    private readonly PhotoDecoder _decoder = new();
    private readonly InferencePool _pool = new(new InferenceOptions(), TimeProvider.System, NullLogger<InferencePool>.Instance);
    private readonly FaceAnalyzer _analyzer;
    private readonly FaceMeshEstimator _mesh;
    private readonly OutsideEmbedder _outside;

    /// <param name="graph">The embedder's graph to run outside; null: the prepared one.</param>
    /// <exception cref="ModelUnavailableException">A model is missing or altered; the message names the cure.</exception>
    public FaceReader(PreparedModels models, string? graph)
    {
        _analyzer = new FaceAnalyzer(_pool, models, new FaceAnalysisOptions());
        _mesh = new FaceMeshEstimator(_pool, models.Get("face-mesh"));
        _outside = new OutsideEmbedder(models.Get("face-embedder"), graph);
    }

    public IReadOnlyList<ModelIdentity> Models => _analyzer.ModelsOf(Wanted);

    public async Task<FaceReading> ReadAsync(Photo photo, string path)
    {
        var picture = _decoder.Decode(path);
        var analysis = await _analyzer.AnalyzeAsync(picture, Wanted, RequestClass.Terminal);
        if (analysis.Main is not { } face)
            return new FaceReading(photo, [], [], null, null);
        var (_, mesh) = await _mesh.EstimateAsync(picture, face, RequestClass.Terminal, CancellationToken.None);
        return new FaceReading(
            photo, analysis.Embedding.ToArray(), mesh is null ? [] : _outside.Embed(picture, mesh), FaceQuality.Measure(picture, face), analysis.LiveProbability);
    }

    /// <returns>Null where no face is found in the picture.</returns>
    public async Task<double?> LiveProbabilityAsync(RgbPicture picture) =>
        (await _analyzer.AnalyzeAsync(picture, FaceFeatures.Liveness, RequestClass.Terminal)).LiveProbability;

    public RgbPicture Decode(string path) => _decoder.Decode(path);

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        _outside.Dispose();
        _decoder.Dispose();
    }
}
