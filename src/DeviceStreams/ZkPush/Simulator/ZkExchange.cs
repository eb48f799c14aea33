namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>A request, and which answer ends it: any other, and the terminal sends the same again, for ever.</summary>
/// <param name="PathAndQuery">Begins with <c>/iclock/</c>.</param>
/// <param name="Body">Null: a GET.</param>
/// <param name="Accepts">Is this the answer? What it says is taken up here.</param>
internal sealed record ZkExchange(string PathAndQuery, byte[]? Body, Func<string, bool> Accepts)
{
    /// <summary>Asks for commands: answered "OK", the terminal has nothing to do.</summary>
    public bool IsPoll { get; init; }

    /// <summary>Events or people, which may be sent twice or cut off in the middle.</summary>
    public bool IsUpload { get; init; }

    public static bool IsOk(string reply) => reply.Trim().StartsWith("OK", StringComparison.Ordinal);
}
