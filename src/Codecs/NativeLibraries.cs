using MediaScore.Codecs.Native;

namespace MediaScore.Codecs;

/// <summary>What this machine has of the native libraries.</summary>
public static class NativeLibraries
{
    /// <summary>Looks at each library: loads it, asks its version, decodes nothing, never throws.</summary>
    public static IReadOnlyList<NativeLibraryStatus> Probe() => [.. LibAvCheck.Statuses(), OpusStatus()];

    /// <summary>Why pictures can't be decoded on this machine, with the cure; null where they can.</summary>
    public static string? WhyNoPictures => LibAvCheck.Problem;

    private static NativeLibraryStatus OpusStatus() => LibOpus.IsAvailable
        ? new NativeLibraryStatus(LibOpus.Name, Usable: true, Required: false, LibOpus.Version, LibOpus.Version)
        : new NativeLibraryStatus(
            LibOpus.Name, Usable: false, Required: false, Version: null,
            $"{LibOpus.Name} is not on this machine: the managed decoder is used, which needs twice the time. Install it with apt-get install libopus0.");
}
