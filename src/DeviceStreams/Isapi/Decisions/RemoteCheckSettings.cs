using MediaScore.DeviceStreams.Isapi.Client;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Decisions;

/// <summary>Where the device wants the answer to a question about its door.</summary>
internal enum AnswerWay
{
    /// <summary>By a request of its own, to who listens at its stream.</summary>
    Request,

    /// <summary>In the body of the reply to the post that asked.</summary>
    Reply,

    /// <summary>In a way that is not ours: it asks somebody else.</summary>
    Elsewhere,
}

/// <summary>Whether and how a device asks us who may pass (<c>AcsCfg</c>).</summary>
/// <param name="Timeout">How long the device waits from its own question on.</param>
internal sealed record RemoteCheckSettings(bool IsEnabled, AnswerWay Way, TimeSpan Timeout)
{
    public const string Target = "/ISAPI/AccessControl/AcsCfg?format=json";

    /// <summary>What a device does that has never said otherwise.</summary>
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(5);

    /// <summary>For a device that posts, and that this server does not call.</summary>
    public static RemoteCheckSettings OfListener { get; } = new(true, AnswerWay.Reply, UsualTimeout);

    /// <summary>For a device with a stream that does not say.</summary>
    public static RemoteCheckSettings OfStream { get; } = new(true, AnswerWay.Request, UsualTimeout);

    /// <returns>Null where the device knows no such thing.</returns>
    public static RemoteCheckSettings? TryRead(IsapiNode? root)
    {
        if (root?["AcsCfg"] is not { } settings || settings["remoteCheckDoorEnabled"] is null)
            return null;
        var seconds = Math.Clamp(settings.NumberOf("remoteCheckTimeout") ?? (long)UsualTimeout.TotalSeconds, 1, 10);
        var isSync = !string.Equals(settings.TextOf("remoteCheckWithISAPIListen"), "async", StringComparison.OrdinalIgnoreCase);
        var way = settings.TextOf("checkChannelType").ToUpperInvariant() switch
        {
            "ISAPI" or "" => AnswerWay.Request,
            "ISAPILISTEN" => isSync ? AnswerWay.Reply : AnswerWay.Request,
            _ => AnswerWay.Elsewhere,
        };
        return new RemoteCheckSettings(settings.FlagOf("remoteCheckDoorEnabled") == true, way, TimeSpan.FromSeconds(seconds));
    }

    public static async Task<RemoteCheckSettings?> ReadAsync(IsapiClient client, CancellationToken cancellationToken)
    {
        var reply = await client.SendAsync(IsapiCall.Get(Target), cancellationToken);
        return reply.Status is >= 200 and < 300 ? TryRead(reply.Read()) : null;
    }

    public string Describe() => IsEnabled
        ? Way switch
        {
            AnswerWay.Request => $"this server decides, within {Timeout.TotalSeconds:0} s, by a request",
            AnswerWay.Reply => $"this server decides, within {Timeout.TotalSeconds:0} s, in its reply to a post",
            _ => "another system decides",
        }
        : "the device decides by itself";
}
