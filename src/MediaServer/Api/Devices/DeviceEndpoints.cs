using System.Text.Json;
using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.Registry;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.Storage.Devices;

namespace MediaScore.MediaServer.Api.Devices;

/// <summary><c>/console/api/devices</c>: which devices there are, and what a person decides about them.</summary>
internal static class DeviceEndpoints
{
    public static void Map(RouteGroupBuilder reads, RouteGroupBuilder writes)
    {
        reads.MapGet("/devices", List);
        reads.MapGet("/devices/{id}", Get);
        writes.MapPost("/devices", AddAsync);
        writes.MapPatch("/devices/{id}", ChangeAsync);
        writes.MapPut("/devices/{id}/login", SetLoginAsync);
        writes.MapPost("/devices/{id}/approve", (string id, DeviceParts devices, ILogger<ConsoleGate> log) => JudgeAsync(id, DeviceState.Approved, devices, log));
        writes.MapPost("/devices/{id}/refuse", (string id, DeviceParts devices, ILogger<ConsoleGate> log) => JudgeAsync(id, DeviceState.Refused, devices, log));
        writes.MapPost("/devices/{id}/forget-key", ForgetKeyAsync);
        writes.MapDelete("/devices/{id}", RemoveAsync);
    }

    /// <summary>Of one tenant, or of all.</summary>
    private static IResult List(string? tenant, DeviceParts devices, DeviceProtocols protocols) => Results.Json(
        new { devices = devices.Registry.List(tenant is { Length: > 0 } ? tenant : null).Select(device => DeviceLine.Of(device, devices.Registry, protocols.Isapi.StatusOf(device.Id))) },
        CandidateJson.Options);

    private static IResult Get(string id, DeviceParts devices, DeviceProtocols protocols) =>
        ConsoleProblems.TryDevice(id, devices.Registry, out var device, out var refusal)
            ? Results.Json(DeviceLine.Of(device, devices.Registry, protocols.Isapi.StatusOf(device.Id)), CandidateJson.Options)
            : refusal;

    /// <summary>A device that the server calls, or that is given a path to post to: a person names it, so it is approved.</summary>
    private static async Task<IResult> AddAsync(HttpContext http, DeviceParts devices, TimeProvider time)
    {
        if (!ConsoleProblems.TryTenant(http, devices.Options.Tenant, out var tenant, out var refusal))
            return refusal;
        var (request, unreadable) = await CandidateProblems.ReadAsync<NewDeviceRequest>(http);
        if (request is null)
            return unreadable!;
        var isCalled = request.Address is not null;
        var address = isCalled ? DeviceAddress.Normalise(request.Address!) : null;
        string?[] faults =
        [
            isCalled && address is null ? $"address {DeviceAddress.Fault}" : null,
            isCalled ? DeviceLogin.FaultOf(request.User, request.Password) : null,
            isCalled || request.Serial is { Length: > 0 } ? null : "serial is missing: a device without an address is known by it",
            DeviceChange.FaultOfName(request.Name) is { } name ? $"name {name}" : null,
            DeviceChange.FaultOfDoor(request.Door) is { } door ? $"door {door}" : null,
            request.TimeZone.Length == 0 || ZoneName.TryFind(request.TimeZone, out _) ? null : $"timeZone {ZoneName.Fault}",
        ];
        if (faults.OfType<string>().ToList() is { Count: > 0 } wrong)
            return ConsoleProblems.BadRequest(string.Join("; ", wrong) + ".");

        var token = isCalled ? null : PushToken.New();
        var row = new DeviceRow
        {
            Id = DeviceRegistry.NewId(),
            Tenant = tenant,
            Protocol = DeviceProtocol.Isapi,
            CredentialSha256 = token is null ? null : PushToken.HashOf(token),
            Serial = request.Serial is { Length: > 0 } serial ? serial : DeviceAddress.SerialOf(address!),
            State = DeviceState.Approved,
            ApprovedAt = time.GetUtcNow(),
            Name = request.Name.Trim(),
            Door = request.Door.Trim(),
            TimeZone = request.TimeZone,
            Address = address,
        };
        try
        {
            var added = await devices.Registry.AddAsync(row, http.RequestAborted);
            if (added.Id != row.Id)
                return ConsoleProblems.Conflict("device-exists", $"There is a device with the serial {row.Serial} already.");
        }
        catch (ArgumentException e)
        {
            return ConsoleProblems.BadRequest(e.Message);
        }

        // The path is the device's only proof of who it is: said here, and never again.
        if (token is not null)
        {
            return devices.Registry.Find(row.Id) is { } posting
                ? Results.Json(new { device = DeviceLine.Of(posting, devices.Registry), pushPath = PushToken.PathOf(token) }, CandidateJson.Options, statusCode: StatusCodes.Status201Created)
                : ConsoleProblems.NoDevice();
        }

        // Announced: whoever calls such devices begins with it now.
        var login = new DeviceLogin(request.User, request.Password).Seal(devices.Keys, tenant, row.Id);
        var device = await devices.Registry.ChangeAsync(row.Id, known => known.SealedLogin = login);
        return device is null ? ConsoleProblems.NoDevice() : Results.Json(DeviceLine.Of(device, devices.Registry), CandidateJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ChangeAsync(string id, HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryDevice(id, devices.Registry, out var device, out var refusal))
            return refusal;
        var (patch, unreadable) = await CandidateProblems.ReadAsync<JsonDocument>(http);
        if (patch is null)
            return unreadable!;
        using (patch)
        {
            var change = DeviceChange.Read(patch.RootElement);
            return change.Faults.Count > 0
                ? ConsoleProblems.BadRequest(string.Join("; ", change.Faults) + ".")
                : await AnswerAsync(devices.Registry.ChangeAsync(device.Id, change.Apply), devices);
        }
    }

    private static async Task<IResult> SetLoginAsync(string id, HttpContext http, DeviceParts devices)
    {
        if (!ConsoleProblems.TryDevice(id, devices.Registry, out var device, out var refusal))
            return refusal;
        if (device.Row.Address is null)
            return ConsoleProblems.Conflict("not-called", "This device comes by itself: the server needs no login for it.");
        var (request, unreadable) = await CandidateProblems.ReadAsync<LoginRequest>(http);
        if (request is null)
            return unreadable!;
        if (DeviceLogin.FaultOf(request.User, request.Password) is { } fault)
            return ConsoleProblems.BadRequest(fault + ".");
        var login = new DeviceLogin(request.User, request.Password).Seal(devices.Keys, device.Tenant, device.Id);
        return await AnswerAsync(devices.Registry.ChangeAsync(device.Id, row => row.SealedLogin = login), devices);
    }

    private static async Task<IResult> JudgeAsync(string id, DeviceState state, DeviceParts devices, ILogger log)
    {
        if (!ConsoleProblems.TryDevice(id, devices.Registry, out var device, out var refusal))
            return refusal;
        // A second click changes nothing, and disturbs no stream.
        if (device.Row.State == state)
            return Line(device, devices);
        ConsoleLog.DeviceState(log, device.Id, CandidateJson.Word(state));
        return await AnswerAsync(devices.Registry.ChangeAsync(device.Id, row => row.State = state), devices);
    }

    /// <summary>The next key is the one that counts, and since anybody may come with it, a person has to say so again.</summary>
    private static async Task<IResult> ForgetKeyAsync(string id, DeviceParts devices, ILogger<ConsoleGate> log)
    {
        if (!ConsoleProblems.TryDevice(id, devices.Registry, out var device, out var refusal))
            return refusal;
        // What posts is known by the hash of its path: without it nothing that it sends is heard, and no next key can come.
        if (device.Row is { Protocol: DeviceProtocol.Isapi, Address: null })
            return ConsoleProblems.Conflict("only-posts", "Its path is its only key. Remove the device and add it again: it gets a new path.");
        if (device.Row.CredentialSha256 is null)
            return Line(device, devices);
        ConsoleLog.KeyForgotten(log, device.Id);
        return await AnswerAsync(
            devices.Registry.ChangeAsync(device.Id, row => (row.CredentialSha256, row.State) = (null, row.State == DeviceState.Approved ? DeviceState.Pending : row.State)), devices);
    }

    private static async Task<IResult> RemoveAsync(string id, DeviceParts devices, ILogger<ConsoleGate> log)
    {
        if (!ConsoleProblems.TryDevice(id, devices.Registry, out var device, out var refusal))
            return refusal;
        // A connection of it may be open, and knows the device as this object: refused, it gets nothing more; when it comes back it is a newcomer.
        await devices.Registry.ChangeAsync(device.Id, row => row.State = DeviceState.Refused);
        if (!await devices.Registry.RemoveAsync(device.Id))
            return ConsoleProblems.NoDevice();
        ConsoleLog.DeviceRemoved(log, device.Id);
        return Results.NoContent();
    }

    private static IResult Line(Device device, DeviceParts devices) => Results.Json(DeviceLine.Of(device, devices.Registry), CandidateJson.Options);

    private static async Task<IResult> AnswerAsync(Task<Device?> changing, DeviceParts devices) => await changing is { } device ? Line(device, devices) : ConsoleProblems.NoDevice();
}
