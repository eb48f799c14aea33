using System.ComponentModel;
using System.Diagnostics;
using MediaScore.Codecs;

namespace MediaScore.MediaServer.Diagnosis;

/// <summary>FFmpeg's program and libraries, and libopus.</summary>
internal static class NativeParts
{
    public const string Install = "apt-get install ffmpeg libopus0";

    public static async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken cancellation) =>
    [
        await ProgramAsync("ffmpeg", cancellation),
        await ProgramAsync("ffprobe", cancellation),
        .. NativeLibraries.Probe().Select(Library),
    ];

    private static Finding Library(NativeLibraryStatus library)
    {
        var facts = new Dictionary<string, object>(StringComparer.Ordinal) { ["usable"] = library.Usable, ["required"] = library.Required };
        if (library.Version is { } version)
            facts["version"] = version;
        var verdict = library.Usable ? FindingVerdict.Good : library.Required ? FindingVerdict.Fault : FindingVerdict.Note;
        return new Finding(library.Name, verdict, library.Version ?? "not found", library.Usable ? null : library.Message, facts);
    }

    private static async Task<Finding> ProgramAsync(string program, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, "-hide_banner -version") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var text = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            // "ffmpeg version 5.1.6-0+deb12u1 Copyright ..."
            var version = text.Split(' ', 4) is [_, "version", var number, ..] ? number : "unknown version";
            return new Finding(program, FindingVerdict.Good, version, Facts: new Dictionary<string, object>(StringComparer.Ordinal) { ["version"] = version });
        }
        catch (Win32Exception)
        {
            return new Finding(program, FindingVerdict.Fault, "not found", Install);
        }
    }
}
