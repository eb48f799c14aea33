using System.Net;

namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>What firmware trips over in an answer, whatever it says.</summary>
internal static class ZkReplyCheck
{
    /// <returns>Null where nothing is wrong.</returns>
    public static string? FaultOf(HttpResponseMessage reply, string body)
    {
        if (reply.StatusCode != HttpStatusCode.OK)
            return body.Length == 0 || reply.StatusCode is HttpStatusCode.NotFound ? null : $"{(int)reply.StatusCode} with a body: read as an answer";
        if (reply.Headers.Location is not null)
            return "a redirect: not followed";
        if (reply.Content.Headers.ContentType?.MediaType != "text/plain")
            return $"content type {reply.Content.Headers.ContentType}: not text/plain";
        if (reply.Headers.Date is null)
            return "no Date: the clock is set by it";
        return body is ['<' or '{' or '[', ..] ? "a page, not an answer" : null;
    }
}
