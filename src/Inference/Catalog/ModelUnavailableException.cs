namespace MediaScore.Inference.Catalog;

/// <summary>What is wrong with a model or with its package.</summary>
public enum ModelProblem
{
    /// <summary>The catalog has no model of that id.</summary>
    Unknown,

    /// <summary>A prepared file is not there.</summary>
    Missing,

    /// <summary>A file is shorter or longer than it was written, or ends inside a record.</summary>
    Cut,

    /// <summary>The bytes are not the pinned ones.</summary>
    WrongHash,

    /// <summary>The graph uses an operator set that the catalog or the runtime does not expect.</summary>
    WrongOpset,

    /// <summary>Names, types or shapes at the graph's edges are not those of the catalog.</summary>
    WrongSignature,

    /// <summary>The golden input does not give the golden output.</summary>
    WrongAnswer,

    /// <summary>Prepared from another package or by another version of the rewriter.</summary>
    Stale,

    /// <summary>The package could not be fetched, or is not in the folder given with <c>--from</c>.</summary>
    PackageUnreachable,

    /// <summary><c>npm</c> or <c>dotnet</c> is not installed.</summary>
    ToolMissing,

    /// <summary>An archive that tries to leave its folder, or holds something else than plain files where one is expected.</summary>
    UnsafeArchive,

    /// <summary>The graph cannot be converted or rewritten.</summary>
    NotConvertible,
}

/// <summary>A model cannot be used. The message names the file, what is wrong with it and the command that mends it.</summary>
public sealed class ModelUnavailableException : Exception
{
    /// <param name="modelId">Catalog id, or the package's reference where a whole package is meant.</param>
    /// <param name="problem">Kind of the fault.</param>
    /// <param name="detail">What is wrong, with the file; a sentence without full stop.</param>
    /// <param name="cure">What to do, with the command; a sentence without full stop.</param>
    public ModelUnavailableException(string modelId, ModelProblem problem, string detail, string cure, Exception? inner = null)
        : base($"{modelId}: {detail}. {cure}.", inner)
    {
        ModelId = modelId;
        Problem = problem;
        Cure = cure;
    }

    public string ModelId { get; }

    public ModelProblem Problem { get; }

    /// <summary>What to do about it.</summary>
    public string Cure { get; }
}
