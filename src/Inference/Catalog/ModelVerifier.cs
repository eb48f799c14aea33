namespace MediaScore.Inference.Catalog;

/// <summary>Checks prepared models: hashes, operator set, signature, and the golden input's answer.</summary>
public static class ModelVerifier
{
    /// <param name="models">Where the models lie.</param>
    /// <param name="ids">Models to check; empty for all of the catalog.</param>
    /// <returns>One result a model, in the catalog's order; never throws for a bad model.</returns>
    public static Task<IReadOnlyList<ModelVerification>> VerifyAsync(
        PreparedModels models, IReadOnlyCollection<string> ids, IProgress<ModelVerification>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Verification lands next.");
}

/// <summary>What the check of one model found.</summary>
/// <param name="ModelId">Catalog id.</param>
/// <param name="Version">As in <see cref="PreparedModel.Version"/>; null where the files themselves are unusable.</param>
/// <param name="GoldenRuns">Known answers that were compared; 0 for resources and for files of the user's own, whose answers nobody knows.</param>
/// <param name="LargestDifference">Largest difference from a known answer, as a share of that output's root mean square.</param>
/// <param name="Problem">Null where all is well.</param>
public sealed record ModelVerification(string ModelId, string? Version, int GoldenRuns, double LargestDifference, ModelUnavailableException? Problem);
