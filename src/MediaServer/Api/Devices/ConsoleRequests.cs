using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary><c>POST /console/api/devices</c>: a Hikvision device, which the server calls, or which posts to the server.</summary>
/// <param name="Address">Scheme, host and port; null for a device that the server does not reach: it gets a path to post to.</param>
/// <param name="User">With an address.</param>
/// <param name="Password">With an address.</param>
/// <param name="Serial">Default: from the address.</param>
internal sealed record NewDeviceRequest(
    string? Address = null, string User = "", string Password = "", string? Serial = null, string Name = "", string Door = "", string TimeZone = "");

/// <summary><c>PUT /console/api/devices/{id}/login</c>.</summary>
internal sealed record LoginRequest([property: JsonRequired] string User, [property: JsonRequired] string Password);

/// <summary><c>POST /console/api/devices/{id}/commands</c>; what a kind does not need stays out.</summary>
/// <param name="Door">Of a ZKTeco access panel with several.</param>
/// <param name="Arguments">Of what only one protocol knows: <see cref="ProtocolCommands"/>.</param>
internal sealed record CommandRequest(
    [property: JsonRequired] string Kind, int? Seconds = null, string? PersonNumber = null, ulong? FromRecordId = null, DateTimeOffset? From = null, DateTimeOffset? To = null, int? Door = null,
    JsonElement? Arguments = null);

/// <summary><c>POST /console/api/people</c>.</summary>
internal sealed record PersonRequest([property: JsonRequired] string Number, [property: JsonRequired] string Name);

/// <summary><c>POST /console/api/people/{number}/consent</c>.</summary>
/// <param name="Source">How it was given: "paper, file 12".</param>
internal sealed record ConsentGivenRequest([property: JsonRequired] string Source);

/// <summary><c>POST /console/api/people/{number}/block</c>.</summary>
internal sealed record BlockRequest([property: JsonRequired] bool Blocked);
