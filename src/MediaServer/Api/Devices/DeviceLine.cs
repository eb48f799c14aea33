using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Registry;
using MediaScore.MediaServer.Api.Candidate;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary>A device as the console shows it (docs/formats/console-api.md).</summary>
/// <param name="Protocol"><c>grpc</c>, <c>zk-attendance</c>, <c>zk-access</c>, <c>isapi</c>, <c>mqtt</c>, <c>http</c>.</param>
/// <param name="State"><c>pending</c>, <c>approved</c>, <c>refused</c>.</param>
/// <param name="TimeZone">Empty: the server's setting.</param>
/// <param name="Queued">What waits in the device, as it last said.</param>
/// <param name="AcceptSimilarity">Null: the server's setting.</param>
/// <param name="Network">Null: it may come from anywhere.</param>
/// <param name="Address">Of a device that the server calls; null for those that come by themselves.</param>
/// <param name="HasKey">It is known by a key or certificate.</param>
/// <param name="HasLogin">The server has a user name and password for it.</param>
internal sealed record DeviceLine(
    string Id, string Tenant, string Protocol, string Serial, string State, string Name, string Model, string Firmware, string Door, string TimeZone, bool Online, DateTimeOffset? SeenAt,
    int Queued, double? AcceptSimilarity, string Liveness, int OpenSeconds, string? Network, string? Address, bool HasKey, bool HasLogin, DateTimeOffset CreatedAt, DateTimeOffset? ApprovedAt)
{
    /// <summary>How the server is doing with a device that it calls; null for those that come by themselves.</summary>
    public DeviceCalling? Calling { get; init; }

    /// <summary>SHA-256 of its client certificate's public key, to compare with what the device shows; null where it has a key or neither.</summary>
    public string? CertificateKey { get; init; }

    public static DeviceLine Of(Device device, DeviceRegistry registry, IsapiStatus? calling = null)
    {
        var row = device.Row;
        return new DeviceLine(
            row.Id, row.Tenant, CandidateJson.Word(row.Protocol), row.Serial, CandidateJson.Word(row.State), row.Name, row.Model, row.Firmware, row.Door, row.TimeZone,
            registry.IsOnline(device), device.SeenAt, device.QueuedCount, row.AcceptSimilarity, CandidateJson.Word(row.Liveness), row.OpenSeconds, row.Network, row.Address,
            row.CredentialSha256 is not null, row.SealedLogin is not null, row.CreatedAt, row.ApprovedAt)
        {
            CertificateKey = CertificateCredential.FingerprintOf(row),
            Calling = calling is null ? null : new DeviceCalling(CandidateJson.Word(calling.Phase), calling.Words, calling.Since, calling.RetryAt),
        };
    }
}
