using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Commands;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary><c>/console/api/devices/{id}/commands</c>: what a device is told to do, and how that went.</summary>
internal static class CommandEndpoints
{
    private const int MostListed = 200;
    private const int UsuallyListed = 20;

    // Nobody means more than that; a script that runs wild does.
    private const int MostOpen = 50;

    private const int MostOpenSeconds = 600;
    private const int MostDoors = 16;
    private const int MostEnrolSeconds = 300;

    // A terminal that asks for its commands every ten seconds hears it in time; one that comes back after lunch opens no door for somebody who has left.
    private static readonly TimeSpan OpenDoorLifetime = TimeSpan.FromSeconds(30);

    // Whoever is to be enrolled stands in front of it.
    private static readonly TimeSpan EnrolLifetime = TimeSpan.FromMinutes(2);

    // What is as good tomorrow.
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromDays(1);

    // Over a holiday; whoever withdraws consent is forgotten by a longer-lived command of its own.
    private static readonly TimeSpan DeleteLifetime = TimeSpan.FromDays(30);

    private static readonly string[] CommonKinds =
        [CommandKinds.OpenDoor, CommandKinds.Enrol, CommandKinds.Delete, CommandKinds.TimeSync, CommandKinds.Settings, CommandKinds.FetchLogs];

    public static void Map(RouteGroupBuilder reads, RouteGroupBuilder writes)
    {
        reads.MapGet("/devices/{id}/commands", ListAsync);
        writes.MapPost("/devices/{id}/commands", AddAsync);
    }

    private static async Task<IResult> ListAsync(string id, int? count, HttpContext http, DeviceParts devices, TimeProvider time)
    {
        if (!ConsoleProblems.TryDevice(id, devices.Registry, out var device, out var refusal))
            return refusal;
        var rows = await devices.Commands.ListAsync(device.Id, Math.Clamp(count ?? UsuallyListed, 1, MostListed), http.RequestAborted);
        return Results.Json(new { commands = rows.Select(row => DeviceCommandLine.Of(row, time.GetUtcNow())) }, CandidateJson.Options);
    }

    private static async Task<IResult> AddAsync(string id, HttpContext http, DeviceParts devices, TimeProvider time, ILogger<ConsoleGate> log)
    {
        if (!ConsoleProblems.TryDevice(id, devices.Registry, out var device, out var refusal))
            return refusal;
        var (request, unreadable) = await CandidateProblems.ReadAsync<CommandRequest>(http);
        if (request is null)
            return unreadable!;
        if (device.Row.State != DeviceState.Approved)
            return ConsoleProblems.Conflict("not-approved", "This device is not approved: it is told nothing.");
        // Accepted, it would wait for nothing, and somebody at a door with it.
        if (device.Row is { Protocol: DeviceProtocol.Isapi, Address: null })
            return ConsoleProblems.Conflict("only-posts", "This device posts to the server and hears nothing from it. Where the server reaches it, remove it and add it with its address.");
        var now = time.GetUtcNow();
        var open = (await devices.Commands.ListAsync(device.Id, MostListed, http.RequestAborted)).Count(row => DeviceCommandLine.IsOpen(row) && row.ExpiresAt > now);
        if (open >= MostOpen)
            return ConsoleProblems.Conflict("too-many-commands", $"{open} commands wait for this device already.");
        var (arguments, lifetime, fault) = await ArgumentsAsync(request, device, devices, http.RequestAborted);
        if (arguments is null)
            return fault!;
        var row = await devices.Commands.AddAsync(device.Id, request.Kind, arguments, lifetime);
        ConsoleLog.Commanded(log, device.Id, row.Kind, row.Id);
        return Results.Json(DeviceCommandLine.Of(row, now), CandidateJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<(object? Arguments, TimeSpan Lifetime, IResult? Fault)> ArgumentsAsync(CommandRequest request, Device device, DeviceParts devices, CancellationToken cancellation)
    {
        if (request.Arguments is not null && CommonKinds.Contains(request.Kind))
            return Refused(ConsoleProblems.BadRequest($"{request.Kind} has no arguments of its own: say personNumber, seconds, door, from and to beside it."));
        switch (request.Kind)
        {
            case CommandKinds.OpenDoor:
                if (!devices.Registry.IsOnline(device))
                    return Refused(ConsoleProblems.Conflict("device-offline", "This device is not connected, and a door must not open later for somebody who has left."));
                return OpenDoor(request, device);
            case CommandKinds.Enrol:
                return await EnrolAsync(request, device, devices, cancellation);
            case CommandKinds.Delete:
                return PersonRules.FaultOfNumber(request.PersonNumber ?? "") is { } fault
                    ? Refused(ConsoleProblems.BadRequest($"personNumber: {fault}."))
                    : (new DeleteArguments(request.PersonNumber!), DeleteLifetime, null);
            case CommandKinds.TimeSync or CommandKinds.Settings:
                return (new object(), UsualLifetime, null);
            case CommandKinds.FetchLogs:
                return (new FetchLogsArguments(request.FromRecordId, request.From, request.To), UsualLifetime, null);
            default:
                return ProtocolCommands.TryRead(device.Row.Protocol, request.Kind, request.Arguments, out var arguments, out var lifetime, out var wrong)
                    ? (arguments, lifetime, null)
                    : Refused(ConsoleProblems.BadRequest(wrong is not null ? wrong + "." : $"kind must be one of {string.Join(", ", CommonKinds.Concat(ProtocolCommands.KindsOf(device.Row.Protocol)))}."));
        }
    }

    private static (object? Arguments, TimeSpan Lifetime, IResult? Fault) OpenDoor(CommandRequest request, Device device)
    {
        var seconds = request.Seconds ?? Math.Max(1, device.Row.OpenSeconds);
        if (seconds is < 1 or > MostOpenSeconds)
            return Refused(ConsoleProblems.BadRequest($"seconds must be 1 to {MostOpenSeconds}."));
        if (request.Door is not { } door)
            return (new OpenDoorArguments(seconds), OpenDoorLifetime, null);
        return device.Row.Protocol is DeviceProtocol.ZkAccess && door is >= 1 and <= MostDoors
            ? (new ZkOpenDoorArguments(seconds, door), OpenDoorLifetime, null)
            : Refused(ConsoleProblems.BadRequest($"door must be 1 to {MostDoors}, of a ZKTeco access device; others have one."));
    }

    /// <summary>No terminal is told to take pictures of somebody who has not agreed.</summary>
    private static async Task<(object? Arguments, TimeSpan Lifetime, IResult? Fault)> EnrolAsync(CommandRequest request, Device device, DeviceParts devices, CancellationToken cancellation)
    {
        var seconds = request.Seconds ?? new EnrolArguments("").Seconds;
        if (seconds is < 1 or > MostEnrolSeconds)
            return Refused(ConsoleProblems.BadRequest($"seconds must be 1 to {MostEnrolSeconds}."));
        return await devices.People.FindAsync(device.Tenant, request.PersonNumber ?? "", cancellation) switch
        {
            null => Refused(ConsoleProblems.NoPerson()),
            { ConsentGivenAt: null } => Refused(ConsoleProblems.Conflict("no-consent", "There is no consent to be recognised by the face. Record it first.")),
            var person => (new EnrolArguments(person.Number, person.Name, seconds), EnrolLifetime, null),
        };
    }

    private static (object? Arguments, TimeSpan Lifetime, IResult? Fault) Refused(IResult fault) => (null, default, fault);
}
