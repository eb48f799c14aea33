using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli.Streaming;

/// <summary>Told what happens on a stream (this one listens to nothing), from the streamer's own tasks, one call at a time for each of them.</summary>
internal class StreamObserver
{
    /// <summary>Everything up to this time of the file has been written to the connection.</summary>
    public virtual void Sent(TimeSpan time)
    {
    }

    /// <summary>One message of the server, acknowledgements among them.</summary>
    public virtual void Heard(ServerMessage message)
    {
    }

    /// <summary>The connection broke; the next attempt is made after <paramref name="delay"/>.</summary>
    public virtual void Reconnecting(string reason, TimeSpan delay)
    {
    }

    /// <summary>The server's first word on every connection.</summary>
    public virtual void Connected(Ready ready)
    {
    }

    /// <summary>A connection that continues an interview.</summary>
    public virtual void Resumed(TimeSpan durable)
    {
    }
}
