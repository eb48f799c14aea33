using MediaScore.Inference.Catalog;

namespace MediaScore.MediaServer.Configuration;

/// <summary>The catalog and its folders as the settings name them.</summary>
internal sealed class ModelFolders
{
    public ModelFolders(IConfiguration configuration)
    {
        var options = MediaScoreSettings.Get<ModelOptions>(configuration, "Models");
        CatalogPath = MediaScoreHome.Resolve(options.Catalog);
        PreparedFolder = MediaScoreHome.Resolve(options.Prepared);
        PackagesFolder = MediaScoreHome.Resolve(options.Packages);
        Overrides = options.Overrides.ToDictionary(o => o.Key, o => MediaScoreHome.Resolve(o.Value), StringComparer.Ordinal);
    }

    public string CatalogPath { get; }

    public string PreparedFolder { get; }

    public string PackagesFolder { get; }

    public IReadOnlyDictionary<string, string> Overrides { get; }

    /// <exception cref="InvalidDataException">The catalog is at fault.</exception>
    /// <exception cref="IOException">There is none.</exception>
    public ModelCatalog LoadCatalog() => ModelCatalog.Load(CatalogPath);

    public PreparedModels OpenPrepared() => PreparedModels.Open(PreparedFolder, LoadCatalog(), Overrides);
}
