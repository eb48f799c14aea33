namespace MediaScore.TestMedia;

/// <summary>A picture of a real face that a Debian package brings: NASA's portrait of Eileen Collins (public domain), 512 x 512.</summary>
public static class FacePicture
{
    public const string SkipReason = "Needs the portrait of Debian's python3-skimage: apt-get install --no-install-recommends python3-skimage, or set MEDIASCORE_FACE_PICTURE.";

    /// <summary>Its path, or null where this machine has none.</summary>
    public static string? Astronaut { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("MEDIASCORE_FACE_PICTURE") is { Length: > 0 } named && File.Exists(named))
            return named;
        const string Packaged = "/usr/lib/python3/dist-packages/skimage/data/astronaut.png";
        return File.Exists(Packaged) ? Packaged : null;
    }
}
