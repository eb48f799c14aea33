namespace MediaScore.MediaServer.Api;

/// <summary>What a page may do in the browser: metadata of its endpoint, <c>.WithMetadata(PageRights.Recording)</c>. Without it a page has no script at all.</summary>
internal sealed class PageRights
{
    private PageRights(bool camera, bool microphone) => (MayWatch, MayListen) = (camera, microphone);

    /// <summary>Script files, fetches and event streams of this server.</summary>
    public static PageRights Script { get; } = new(camera: false, microphone: false);

    /// <summary>The same, with the camera.</summary>
    public static PageRights Camera { get; } = new(camera: true, microphone: false);

    /// <summary>The same, with camera and microphone.</summary>
    public static PageRights Recording { get; } = new(camera: true, microphone: true);

    public bool MayWatch { get; }

    public bool MayListen { get; }
}
