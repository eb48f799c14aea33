using System.Reflection;

namespace MediaScore.MediaServer;

/// <summary>Which build this is.</summary>
internal static class ProductVersion
{
    /// <summary>Version and commit: <c>0.1.0+3f2c…</c>.</summary>
    public static string Full { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>The version alone: <c>0.1.0</c>.</summary>
    public static string Short { get; } = Full.Split('+')[0];
}
