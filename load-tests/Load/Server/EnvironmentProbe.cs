using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MediaScore.Load.Results;
using MediaScore.TestMedia;

namespace MediaScore.Load.Server;

/// <summary>Describes the machine, the build and the models of a row.</summary>
internal static class EnvironmentProbe
{
    // Those that decide how fast a model runs; the whole list is forty lines.
    private static readonly string[] Telling = ["avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8", "aes", "vaes", "asimd", "asimddp", "i8mm"];

    public static async Task<EnvironmentDescription> DescribeAsync(ServerProcess server, CancellationToken cancellation)
    {
        var cpu = CpuInfo();
        return new EnvironmentDescription
        {
            Cpu = cpu.GetValueOrDefault("model name", "unknown"),
            VirtualCpus = Environment.ProcessorCount,
            PhysicalCores = PhysicalCores(),
            CpuFlags = [.. (cpu.GetValueOrDefault("flags") ?? cpu.GetValueOrDefault("Features", string.Empty)).Split(' ').Where(Telling.Contains)],
            Hypervisor = cpu.GetValueOrDefault("flags", string.Empty).Split(' ').Contains("hypervisor", StringComparer.Ordinal) ? await RunAsync("systemd-detect-virt", ["--vm"], cancellation) ?? "a virtual machine" : "none",
            Governor = TextOf("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") ?? "not visible",
            MemoryGiB = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
            Kernel = TextOf("/proc/sys/kernel/osrelease") ?? RuntimeInformation.OSDescription,
            OperatingSystem = OperatingSystemName(),
            DotNet = RuntimeInformation.FrameworkDescription,
            OnnxRuntime = PackageVersion("Microsoft.ML.OnnxRuntime") ?? "unknown",
            GarbageCollector = Collector(server),
            Commit = await CommitAsync(cancellation),
            DataFileSystem = await RunAsync("stat", ["-f", "-c", "%T", server.DataFolder], cancellation) ?? "unknown",
            ServerSettings = server.Settings,
            Models = Models(),
        };
    }

    private static Dictionary<string, string> CpuInfo()
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0))
        {
            if (line.Split(':', 2) is [var name, var value])
                facts[name.Trim()] = value.Trim();
        }

        return facts;
    }

    private static int PhysicalCores()
    {
        const string Folder = "/sys/devices/system/cpu";
        var siblings = AllowedCpus.OfThisProcess().Select(cpu => TextOf($"{Folder}/cpu{cpu.ToString(CultureInfo.InvariantCulture)}/topology/thread_siblings_list")).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return siblings.Count > 0 ? siblings.Count : Environment.ProcessorCount;
    }

    private static string OperatingSystemName() =>
        File.Exists("/etc/os-release") && File.ReadLines("/etc/os-release").FirstOrDefault(l => l.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)) is { } line
            ? line["PRETTY_NAME=".Length..].Trim('"')
            : RuntimeInformation.OSDescription;

    /// <summary>From the server's dependency list: what it loads, not what this program was built with.</summary>
    private static string? PackageVersion(string package)
    {
        var path = Path.ChangeExtension(ServerProgram.Find(), ".deps.json");
        if (!File.Exists(path))
            return null;
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.GetProperty("libraries").EnumerateObject().Select(l => l.Name.Split('/')).FirstOrDefault(l => l is [var name, _] && name == package)?[1];
    }

    /// <summary>The runtime configuration, and the variables that go before it.</summary>
    private static string Collector(ServerProcess server)
    {
        var path = Path.ChangeExtension(ServerProgram.Find(), ".runtimeconfig.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var properties = document.RootElement.GetProperty("runtimeOptions").TryGetProperty("configProperties", out var found)
            ? found.EnumerateObject().Where(p => p.Name.StartsWith("System.GC.", StringComparison.Ordinal)).ToDictionary(p => p.Name["System.GC.".Length..], p => p.Value.ToString(), StringComparer.Ordinal)
            : [];
        List<string> words =
        [
            string.Equals(properties.GetValueOrDefault("Server"), "true", StringComparison.OrdinalIgnoreCase) ? "server" : "workstation",
            string.Equals(properties.GetValueOrDefault("Concurrent"), "false", StringComparison.OrdinalIgnoreCase) ? "not concurrent" : "concurrent",
            .. properties.Where(p => p.Key is not ("Server" or "Concurrent")).Select(p => $"{p.Key}={p.Value}"),
            .. server.Settings.Where(s => s.StartsWith("DOTNET_GC", StringComparison.OrdinalIgnoreCase)),
        ];
        return string.Join(", ", words);
    }

    private static async Task<string> CommitAsync(CancellationToken cancellation)
    {
        var root = SharedTestData.RepositoryRoot;
        if (await RunAsync("git", ["-C", root, "rev-parse", "--short=12", "HEAD"], cancellation) is not { } commit)
            return "unknown";
        var changed = await RunAsync("git", ["-C", root, "status", "--porcelain", "--untracked-files=no"], cancellation);
        return string.IsNullOrEmpty(changed) ? commit : commit + "+";
    }

    private static List<ModelIdentity> Models()
    {
        var models = new List<ModelIdentity>();
        if (!Directory.Exists(SharedTestData.PreparedModels))
            return models;
        foreach (var folder in Directory.EnumerateDirectories(SharedTestData.PreparedModels).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, "prepared.json");
            if (!File.Exists(path))
                continue;
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            models.Add(new ModelIdentity(
                root.GetProperty("model").GetString()!,
                root.GetProperty("version").GetString()!,
                string.Join(", ", root.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("name").GetString()!).Where(f => f.EndsWith(".onnx", StringComparison.Ordinal)).Select(f => GraphPrecision.Of(Path.Combine(folder, f))).Distinct(StringComparer.Ordinal)),
                [.. root.GetProperty("files").EnumerateArray().Select(f => new ModelFileHash(f.GetProperty("name").GetString()!, f.GetProperty("sha256").GetString()!))]));
        }

        return models;
    }

    private static string? TextOf(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (IOException)
        {
            // Some entries of /sys exist and cannot be read in a guest.
            return null;
        }
    }

    /// <returns>What it printed; null where there is no such program or it failed.</returns>
    private static async Task<string?> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            if (process is null)
                return null;
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            var text = await process.StandardOutput.ReadToEndAsync(cancellation);
            await errors;
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? text.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
