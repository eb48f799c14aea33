using System.Text;
using System.Text.Json;
using MediaScore.DeviceStreams.Http;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>What replies of the device API say.</summary>
internal static class Replies
{
    public static JsonElement Json(this DeviceReply reply)
    {
        using var json = JsonDocument.Parse(reply.Body);
        return json.RootElement.Clone();
    }

    /// <summary>It is a refusal as RFC 9457 has them, with this status and type.</summary>
    public static void ShouldBeProblem(this DeviceReply reply, int status, string type)
    {
        reply.Status.ShouldBe(status, Encoding.UTF8.GetString(reply.Body.Span));
        reply.ContentType.ShouldBe("application/problem+json");
        var problem = reply.Json();
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("type").GetString().ShouldBe($"urn:mediascore:problem:{type}");
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }
}
