using System.Runtime.InteropServices;

namespace MediaScore.Codecs.Native;

/// <summary>Whether FFmpeg's libraries are here, of the tested majors, and laid out as this binding believes. Looked at once a process.</summary>
internal static unsafe class LibAvCheck
{
    private const string Cure = "Install FFmpeg 5.1 (Debian 12: apt-get install ffmpeg).";

    private static readonly (string Name, string Stem, int Major)[] Libraries =
        [(LibAv.Util, "libavutil.so.", 57), (LibAv.Codec, "libavcodec.so.", 59), (LibAv.Scale, "libswscale.so.", 6)];

    private static readonly Lazy<string?> FirstProblem = new(FindProblem);

    /// <summary>Why pictures can't be decoded on this machine; null where they can.</summary>
    internal static string? Problem => FirstProblem.Value;

    internal static IEnumerable<NativeLibraryStatus> Statuses()
    {
        foreach (var (name, stem, major) in Libraries)
        {
            if (!NativeLibrary.TryLoad(name, out _))
            {
                yield return new NativeLibraryStatus(name, Usable: false, Required: true, Version: null, Missing(name, stem, major));
                continue;
            }

            var version = name switch { LibAv.Util => LibAv.UtilVersion(), LibAv.Codec => LibAv.CodecVersion(), _ => LibAv.ScaleVersion() };
            var text = $"{version >> 16}.{(version >> 8) & 0xFF}.{version & 0xFF}";
            var usable = version >> 16 == major;
            yield return new NativeLibraryStatus(
                name, usable, Required: true, text, usable ? $"{name} {text}" : $"{name} calls itself {text}; only major {major} is tested. {Cure}");
        }
    }

    private static string Missing(string name, string stem, int major)
    {
        var others = Enumerable.Range(major - 4, 12).Where(other => other != major && NativeLibrary.TryLoad(stem + other, out _)).ToList();
        var found = others.Count == 0 ? "no other version either" : "found instead: " + string.Join(", ", others.Select(other => stem + other));
        return $"{name} is not on this machine ({found}). Only this major is tested. {Cure}";
    }

    private static string? FindProblem()
    {
        if (Statuses().FirstOrDefault(status => !status.Usable) is { } broken)
            return broken.Message;
        LibAv.SetLogLevel(LibAv.LogQuiet); // Otherwise every damaged packet of a candidate prints to standard error.
        return LayoutIsRight() ? null : $"FFmpeg's AVFrame or AVPacket is not laid out as in FFmpeg 5.1. {Cure}";
    }

    /// <summary>Lets the libraries themselves read and write the fields that this binding touches.</summary>
    private static bool LayoutIsRight()
    {
        const int Width = 48, Height = 32, PayloadLength = 1234;
        var frame = LibAv.AllocateFrame();
        var packet = LibAv.AllocatePacket();
        try
        {
            if (frame is null || packet is null || frame->Format != -1)
                return false;
            frame->Width = Width;
            frame->Height = Height;
            frame->Format = LibAv.PixelFormatRgb24;
            return LibAv.AllocatePlanes(frame, align: 1) >= 0 && frame->Plane0 is not null && frame->Stride0 == 3 * Width
                && LibAv.AllocatePayload(packet, PayloadLength) >= 0 && packet->Data is not null && packet->Size == PayloadLength;
        }
        finally
        {
            LibAv.FreeFrame(&frame);
            LibAv.FreePacket(&packet);
        }
    }
}
