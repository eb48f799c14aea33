using MediaScore.DeviceStreams.Gallery;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Ingress.Devices;
using MediaScore.Perception.Vision;

namespace MediaScore.MediaServer.Cli.People;

/// <summary>The face models and the gallery of one command that enrols.</summary>
internal sealed class PeopleFaces : IAsyncDisposable
{
    private readonly InferencePool _pool;
    private readonly FaceGallery _gallery;

    private PeopleFaces(InferencePool pool, FaceGallery gallery, Enrolment enrolment) => (_pool, _gallery, Enrolment) = (pool, gallery, enrolment);

    public Enrolment Enrolment { get; }

    /// <summary>Loads the models and everybody's templates.</summary>
    /// <exception cref="ModelUnavailableException">A model is missing; the message names the cure.</exception>
    public static async Task<PeopleFaces> OpenAsync(PeopleFolder folder, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var configuration = folder.Configuration;
        var models = new ModelFolders(configuration).OpenPrepared();
        var options = MediaScoreSettings.Get<GalleryOptions>(configuration, DeviceServices.GallerySection);
        var pool = new InferencePool(MediaScoreSettings.Get<InferenceOptions>(configuration, "Inference"), TimeProvider.System, loggers.CreateLogger<InferencePool>());
        FaceGallery? gallery = null;
        try
        {
            var analyzer = new FaceAnalyzer(pool, models, MediaScoreSettings.Get<FaceAnalysisOptions>(configuration, "Faces"));
            var faces = new EnrolmentFaces(analyzer);
            var embedder = await Task.Run(() => faces.Embedder, cancellation);
            gallery = new FaceGallery(folder.Store, folder.Keys, () => embedder, options, TimeProvider.System, loggers.CreateLogger<FaceGallery>());
            await gallery.LoadAsync(cancellation);
            return new PeopleFaces(pool, gallery, new Enrolment(folder.Store, gallery, folder.Keys, faces, options));
        }
        catch
        {
            gallery?.Dispose();
            await pool.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gallery.Dispose();
        await _pool.DisposeAsync();
    }
}
