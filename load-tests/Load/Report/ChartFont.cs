using ScottPlot;

namespace MediaScore.Load.Report;

/// <summary>
/// The font that charts are laid out with. The native library that comes with SkiaSharp finds no fonts by itself, so one is named by its file; browsers that lack it
/// put their own in its place, at the same positions.
/// </summary>
internal static class ChartFont
{
    /// <summary>What to do where <see cref="TryUse"/> found none.</summary>
    public const string Advice = "The charts have no labels: no font was found. apt-get install fonts-dejavu-core";

    private const string Name = "DejaVu Sans";

    // The first comes with FFmpeg's own dependencies (libass, fontconfig), which the server needs anyway.
    private static readonly string[] Files =
    [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
        "/usr/share/fonts/truetype/freefont/FreeSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    ];

    private static readonly Lazy<bool> Found = new(() =>
    {
        if (Files.FirstOrDefault(File.Exists) is not { } file)
            return false;
        Fonts.AddFontFile(Name, file);
        Fonts.Default = Name;
        Fonts.Sans = Name;
        return true;
    });

    public static bool TryUse() => Found.Value;
}
