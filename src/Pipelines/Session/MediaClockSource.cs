namespace MediaScore.Pipelines.Session;

/// <summary>Whose clock a connection's media times are on.</summary>
public enum MediaClockSource
{
    /// <summary>The client's own. A jump of more than ten minutes is refused: the number must be wrong.</summary>
    Client,

    /// <summary>This server's, which has laid the media on the interview's clock itself: a jump is as long as the candidate was away.</summary>
    Server,
}
