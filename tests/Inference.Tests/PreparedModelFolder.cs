using MediaScore.Inference.Catalog;
using MediaScore.TestMedia;

namespace MediaScore.Inference.Tests;

/// <summary>The repository's catalog and the models that <c>mediascore models prepare</c> made from it.</summary>
internal static class PreparedModelFolder
{
    public const string SkipReason = "Needs the prepared models: run `mediascore models prepare`, or set MEDIASCORE_MODELS to their folder.";

    public static ModelCatalog Catalog { get; } = ModelCatalog.Load(Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json"));

    public static bool IsThere => Directory.Exists(SharedTestData.PreparedModels);

    public static PreparedModels Open() => PreparedModels.Open(SharedTestData.PreparedModels, Catalog);
}
