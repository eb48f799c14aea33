namespace MediaScore.MediaServer.Api;

/// <summary>What a page may do in the browser: metadata of its endpoint, <c>.WithMetadata(PageRights.Recording)</c>. Without it a page has no script at all.</summary>
internal sealed class PageRights
{
    private PageRights(bool script, bool recording) => (MayScript, MayRecord) = (script, recording);

    /// <summary>Script files, fetches and event streams of this server.</summary>
    public static PageRights Script { get; } = new(script: true, recording: false);

    /// <summary>The same, with camera and microphone.</summary>
    public static PageRights Recording { get; } = new(script: true, recording: true);

    public bool MayScript { get; }

    public bool MayRecord { get; }
}
