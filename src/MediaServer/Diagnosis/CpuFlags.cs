using System.Runtime.Intrinsics.X86;

namespace MediaScore.MediaServer.Diagnosis;

/// <summary>The instruction sets that decide how fast int8 models run.</summary>
internal sealed record CpuFlags(string Model, int Cores, bool Avx2, bool Avx512, bool Avx512Vnni, bool AvxVnni)
{
    /// <summary>int8 products are summed in one instruction instead of three, and cannot saturate on the way.</summary>
    public bool HasVnni => Avx512Vnni || AvxVnni;

    /// <summary>Those that are there, as the kernel names them.</summary>
    public string Names
    {
        get
        {
            (string Name, bool IsThere)[] all = [("avx2", Avx2), ("avx512f", Avx512), ("avx512_vnni", Avx512Vnni), ("avx_vnni", AvxVnni)];
            var names = string.Join(' ', all.Where(flag => flag.IsThere).Select(flag => flag.Name));
            return names.Length > 0 ? names : "no vector flags";
        }
    }

    public static CpuFlags Read()
    {
        // /proc/cpuinfo lists what the kernel lets programs use; CPUID alone would also list what a hypervisor has masked.
        const string CpuInfo = "/proc/cpuinfo";
        if (!File.Exists(CpuInfo))
            return new CpuFlags("unknown", Environment.ProcessorCount, System.Runtime.Intrinsics.X86.Avx2.IsSupported, Avx512F.IsSupported, Avx512Vnni: false, System.Runtime.Intrinsics.X86.AvxVnni.IsSupported);
        var model = "unknown";
        var flags = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(CpuInfo))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            var key = line.AsSpan(0, colon).Trim();
            var value = line[(colon + 1)..].Trim();
            if (key is "model name")
                model = value;
            if (key is "flags" or "Features")
            {
                flags.UnionWith(value.Split(' '));
                break;
            }
        }

        return new CpuFlags(model, Environment.ProcessorCount, flags.Contains("avx2"), flags.Contains("avx512f"), flags.Contains("avx512_vnni"), flags.Contains("avx_vnni"));
    }
}
