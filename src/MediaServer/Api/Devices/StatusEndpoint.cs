using MediaScore.DeviceStreams;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.MediaServer.Hosting;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary><c>GET /console/api/status</c>: what a page has to know before it shows anything, and what this server misses.</summary>
internal static class StatusEndpoint
{
    public static void Map(RouteGroupBuilder reads) => reads.MapGet("/status", Get);

    private static IResult Get(DeviceParts devices, ModelSet models)
    {
        var (options, all, content) = (devices.Options, devices.Registry.List(), devices.Gallery.Content);
        return Results.Json(
            new
            {
                tenant = options.Tenant,
                tenants = all.Select(device => device.Tenant).Append(options.Tenant).Distinct().Order(StringComparer.Ordinal),
                timeZone = options.TimeZone,
                missing = models.DoorFaults,
                canEnrol = models.Faces is not null && models.FaceEmbedder is not null,
                acceptSimilarity = options.AcceptSimilarity,
                keepPicturesDays = options.KeepPicturesDays,
                devices = all.Count,
                online = all.Count(devices.Registry.IsOnline),
                pending = all.Count(device => device.Row.State == DeviceState.Pending),
                gallery = new { people = content.PersonCount, faces = content.TemplateCount, otherModel = content.OtherModelCount, unreadable = content.UnreadableCount, noRoom = content.NoRoomCount },
            },
            CandidateJson.Options);
    }
}
