namespace MediaScore.Load.Results;

/// <summary>Where and with what a row was measured.</summary>
internal sealed record EnvironmentDescription
{
    /// <summary>As <c>/proc/cpuinfo</c> names it.</summary>
    public required string Cpu { get; init; }

    public required int VirtualCpus { get; init; }

    /// <summary>Distinct cores that the kernel sees among those that this process may use; two virtual CPUs of one core share its units.</summary>
    public required int PhysicalCores { get; init; }

    /// <summary>avx2, avx512f, avx512_vnni, avx_vnni, avx512_bf16: those that decide how fast models run.</summary>
    public required IReadOnlyList<string> CpuFlags { get; init; }

    /// <summary>"none" or what the CPU says it is a guest of.</summary>
    public required string Hypervisor { get; init; }

    /// <summary>Frequency governor, or "not visible" in most guests.</summary>
    public required string Governor { get; init; }

    public required double MemoryGiB { get; init; }

    public required string Kernel { get; init; }

    public required string OperatingSystem { get; init; }

    public required string DotNet { get; init; }

    public required string OnnxRuntime { get; init; }

    /// <summary>The server's, from its runtime configuration and variables: "workstation, concurrent".</summary>
    public required string GarbageCollector { get; init; }

    /// <summary>Commit of the checkout when the row was measured, with "+" where the working tree differed from it; the command builds first, so it is the build's too. "unknown" without git.</summary>
    public required string Commit { get; init; }

    /// <summary>File system of the data folder.</summary>
    public required string DataFileSystem { get; init; }

    /// <summary>Settings of the server that differ from its defaults, "Section:Name=value".</summary>
    public required IReadOnlyList<string> ServerSettings { get; init; }

    /// <summary>Every model that the server may have used.</summary>
    public required IReadOnlyList<ModelIdentity> Models { get; init; }
}

/// <param name="Version">Of the preparation: package's version, source hash, rewriter's revision.</param>
/// <param name="Precision">In what its graphs compute: "int8, quantised at run time", "float"; empty in rows of earlier builds and where there is no graph.</param>
/// <param name="Files">Name and SHA-256 of each graph that runs.</param>
internal sealed record ModelIdentity(string Model, string Version, string Precision, IReadOnlyList<ModelFileHash> Files);

internal sealed record ModelFileHash(string Name, string Sha256);
