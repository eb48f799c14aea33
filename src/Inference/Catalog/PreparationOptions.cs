namespace MediaScore.Inference.Catalog;

/// <summary>What <see cref="ModelPreparer"/> does and where.</summary>
public sealed record PreparationOptions
{
    public required ModelCatalog Catalog { get; init; }

    /// <summary>Folder that receives one folder a model.</summary>
    public required string PreparedFolder { get; init; }

    /// <summary>Folder that keeps fetched archives.</summary>
    public required string PackagesFolder { get; init; }

    /// <summary>Folder of archives to take instead of any network (<c>--from DIR</c>); null to fetch.</summary>
    public string? FromFolder { get; init; }

    /// <summary>Ids to prepare; empty for all of the catalog.</summary>
    public IReadOnlyCollection<string> Models { get; init; } = [];

    /// <summary>Programs that fetch. Another name or path where they are not on <c>PATH</c>.</summary>
    public string NpmProgram { get; init; } = "npm";

    /// <inheritdoc cref="NpmProgram"/>
    public string DotnetProgram { get; init; } = "dotnet";
}
