using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediaScore.DeviceStreams.Events;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Http.Wire;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams.Http;

/// <summary>
/// The device API under <c>/devices/v1</c>: for devices that speak none of the other protocols (docs/formats/device-api.json). From a request to its answer, without a web framework; a body is
/// read only after the device was recognised by its key. Thread-safe.
/// </summary>
public sealed partial class DeviceApi : IDisposable
{
    // A hello and a result are a few fields each.
    private const int MaxSmallBytes = 16 << 10;

    // A device that waits for a person asks again so often; the database's fault is over sooner.
    private static readonly TimeSpan PendingRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FaultRetry = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly DeviceApiServices _services;
    private readonly CommandPolls _polls;
    private readonly DeviceApiMeter _meter;
    private readonly ILogger _logger;

    // One a device that is known here, approved or pending; gone with it when a person removes it.
    private readonly ConditionalWeakTable<Device, TokenBucket> _budgets = new();

    internal DeviceApi(DeviceApiServices services)
    {
        _services = services;
        _logger = services.Log;
        _polls = new CommandPolls(services.Commands, services.Time, services.Stopping);
        _meter = new DeviceApiMeter(this);
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Answers a request whose body is there.</summary>
    public Task<DeviceReply> HandleAsync(DeviceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return HandleAsync(request, request.ReadBodyAsync, cancellationToken);
    }

    /// <summary>Answers a request. Throws only where <paramref name="cancellationToken"/> is cancelled; then nobody waits for an answer.</summary>
    /// <param name="request">Its body is not looked at.</param>
    /// <param name="readBody">Called at most once, after the device was recognised.</param>
    public async Task<DeviceReply> HandleAsync(DeviceRequest request, BodyReader readBody, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(readBody);
        var call = DeviceCall.Of(request.Path);
        var reply = await AnswerAsync(request, call, readBody, cancellationToken);
        _meter.Answered(call?.Name ?? "none", reply.Status);
        return reply;
    }

    private async Task<DeviceReply> AnswerAsync(DeviceRequest request, DeviceCall? found, BodyReader readBody, CancellationToken cancellationToken)
    {
        if (found is not { } call)
            return DeviceProblem.Of(404, "not-found", "There is nothing here; docs/formats/device-api.json lists what there is.");
        if (!request.Method.Equals(call.Method, StringComparison.OrdinalIgnoreCase))
        {
            var wrong = DeviceProblem.Of(405, "method-not-allowed", $"This is asked for with {call.Method}.");
            return wrong with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Allow"] = call.Method } };
        }

        try
        {
            var arrivedAt = _services.Time.GetUtcNow();
            var (device, refusal) = await RecogniseAsync(request, call, cancellationToken);
            if (device is null)
                return refusal!;
            if (!call.Takes(request.Headers.GetValueOrDefault("Content-Type")))
                return DeviceProblem.Of(415, "content-type", $"Content-Type must be {call.ContentType}.");
            var maxBytes = MaxBytesOf(call);
            if ((call.ContentType is null ? ReadOnlyMemory<byte>.Empty : await readBody(maxBytes, cancellationToken)) is not { } body)
                return DeviceProblem.Of(413, "body-too-large", $"The body has more than {maxBytes} bytes.");
            return call.Name switch
            {
                "hello" => await GreetAsync(device, request, body, cancellationToken),
                "events" => await TakeEventsAsync(device, body, arrivedAt, cancellationToken),
                "frames" => await LookAsync(device, request, body, arrivedAt, cancellationToken),
                "commands" => await TellCommandsAsync(device, request, cancellationToken),
                _ => await TakeResultAsync(device, call.CommandId, body, cancellationToken),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (IOException)
        {
            return DeviceProblem.Of(400, "body-cut", "The body ended before its length.");
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogFault(call.Name, fault);
            return DeviceProblem.Of(503, "try-again", "The server could not do this now; nothing of it was kept. Send it again.", FaultRetry);
        }
    }

    private int MaxBytesOf(DeviceCall call) => call.Name switch
    {
        "events" => _services.Options.MaxEventsBytes,
        "frames" => _services.Options.MaxFrameBytes,
        _ => MaxSmallBytes,
    };

    /// <summary>Who asks, by serial and key, and whether it may. A newcomer is noted, and waits.</summary>
    private async ValueTask<(Device? Device, DeviceReply? Refusal)> RecogniseAsync(DeviceRequest request, DeviceCall call, CancellationToken cancellationToken)
    {
        if (DeviceKey.Of(request.Headers) is not { } key)
        {
            var missing = DeviceProblem.Of(
                401, "key-missing", $"Authorization: Bearer KEY is missing: a key of {DeviceCredentials.MinKeyLength} to {DeviceCredentials.MaxKeyLength} characters, which the device makes up once and keeps.");
            return (null, missing with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["WWW-Authenticate"] = "Bearer" } });
        }

        if (request.Headers.GetValueOrDefault("Device-Serial") is not { Length: > 0 } serial)
            return (null, DeviceProblem.Of(400, "serial-missing", "The header Device-Serial is missing."));
        var tenant = request.Headers.GetValueOrDefault("Device-Tenant") is { Length: > 0 } named ? named : _services.Devices.Tenant;
        if (PersonRules.FaultOfTenant(tenant) is { } wrong)
            return (null, DeviceProblem.Of(400, "bad-tenant", $"Device-Tenant: {wrong}"));
        Admission admission;
        try
        {
            admission = await _services.Registry.AdmitAsync(new DeviceIntroduction(tenant, DeviceProtocol.Http, serial, request.From) { CredentialSha256 = DeviceCredentials.OfKey(key) }, cancellationToken);
        }
        catch (ArgumentException fault)
        {
            return (null, DeviceProblem.Of(400, "bad-serial", $"Device-Serial: {fault.Message}"));
        }

        if (admission.Device is not { } device)
            return (null, RefusalOf(admission));
        var budget = _budgets.GetValue(device, _ => new TokenBucket(_services.Options.RequestsPerSecond, _services.Options.RequestBurst, _services.Time));
        if (budget.TryTake() is { Ticks: > 0 } wait)
            return (null, DeviceProblem.Of(429, "too-many-requests", $"At most {_services.Options.RequestsPerSecond} requests a second are taken from one device.", wait));
        // Whoever waits for a person may say so; nothing else that it says counts.
        return admission.IsApproved || call.Name == "hello" ? (device, null) : (null, DeviceProblem.Of(403, "not-approved", admission.Reason, PendingRetry));
    }

    private static DeviceReply RefusalOf(Admission admission) => admission.Verdict switch
    {
        AdmissionVerdict.WrongCredential => DeviceProblem.Of(401, "wrong-key", admission.Reason),
        AdmissionVerdict.WrongNetwork => DeviceProblem.Of(403, "wrong-network", admission.Reason),
        AdmissionVerdict.TooManyPending => DeviceProblem.Of(503, "too-many-pending", admission.Reason, PendingRetry),
        _ => DeviceProblem.Of(403, "refused", admission.Reason),
    };

    private static DeviceReply Reply<T>(T body, int status = 200) => new(status, "application/json", JsonSerializer.SerializeToUtf8Bytes(body, Json));

    private async Task<DeviceReply> GreetAsync(Device device, DeviceRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!DeviceJson.TryOpen(body, out var json, out var fault))
            return DeviceProblem.Of(400, "bad-request", $"The body is no hello: {fault}.");
        using (json)
        {
            if (DeviceHello.Read(json.RootElement, out fault) is not { } hello)
                return DeviceProblem.Of(400, "bad-request", $"The body is no hello: {fault}.");
            var introduction = new DeviceIntroduction(device.Tenant, DeviceProtocol.Http, device.Row.Serial, request.From)
            {
                Model = hello.Model,
                Firmware = hello.Firmware,
                CredentialSha256 = device.Row.CredentialSha256,
            };
            var admission = await _services.Registry.AdmitAsync(introduction, cancellationToken);
            device.Saw(hello.QueuedCount);
            var reply = new HelloReply
            {
                DeviceId = device.Id,
                State = admission.IsApproved ? "approved" : "pending",
                Clock = _services.Time.GetUtcNow(),
                Settings = admission.IsApproved ? SettingsOf(device) : null,
            };
            return Reply(reply, admission.IsApproved ? 200 : 202);
        }
    }

    private DoorSettings SettingsOf(Device device) => new()
    {
        AcceptSimilarity = device.Row.AcceptSimilarity ?? _services.Devices.AcceptSimilarity,
        LivenessRequired = device.Row.Liveness == LivenessMode.Require,
        DeadlineMs = _services.Devices.DecisionDeadlineMs,
        OpenSeconds = Math.Max(0, device.Row.OpenSeconds),
    };

    private async Task<DeviceReply> TakeEventsAsync(Device device, ReadOnlyMemory<byte> body, DateTimeOffset arrivedAt, CancellationToken cancellationToken)
    {
        var batch = ReceivedBatch.Read(body, _services.Options.MaxEvents);
        if (batch.Fault is { } fault)
            return DeviceProblem.Of(400, "bad-request", fault);
        var rows = batch.Drafts.SelectMany(draft => draft.ToRows(device, _services.Devices, arrivedAt)).ToList();
        var duplicates = rows.Count > 0 ? await _services.Journal.AppendAsync(rows, cancellationToken) : 0;
        _meter.Events(rows.Count - duplicates, duplicates, batch.Refused.Count);
        return Reply(new EventsReply { Stored = rows.Count - duplicates, Duplicates = duplicates, Refused = batch.Refused });
    }

    private async Task<DeviceReply> TellCommandsAsync(Device device, DeviceRequest request, CancellationToken cancellationToken)
    {
        if (!DeviceQuery.TryRead(request.Query, "waitS", 0, _services.Options.MaxWaitS, out var wait))
            return DeviceProblem.Of(400, "bad-request", $"waitS is no whole number from 0 to {_services.Options.MaxWaitS}.");
        var rows = await _polls.TakeAsync(device, TimeSpan.FromSeconds(wait ?? 0), cancellationToken);
        return Reply(new CommandsReply { Commands = [.. rows.Select(CommandOf)] });
    }

    private static DeviceCommand CommandOf(DeviceCommandRow row)
    {
        using var arguments = JsonDocument.Parse(row.Arguments);
        return new DeviceCommand { Id = row.Id, Kind = row.Kind, Arguments = arguments.RootElement.Clone(), ExpiresAt = row.ExpiresAt };
    }

    private async Task<DeviceReply> TakeResultAsync(Device device, long commandId, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!DeviceJson.TryOpen(body, out var json, out var fault))
            return DeviceProblem.Of(400, "bad-request", $"The body is no result: {fault}.");
        using (json)
        {
            if (CommandAnswer.Read(json.RootElement, needsId: false, out fault) is not { } answer)
                return DeviceProblem.Of(400, "bad-request", $"The body is no result: {fault}.");
            // A second answer changes nothing, and is no fault: the first one's answer was lost on the way.
            if (await _services.Commands.EndAsync(device.Id, commandId, answer.Succeeded, answer.Words, cancellationToken) || await _services.Commands.FindAsync(device.Id, commandId, cancellationToken) is not null)
                return new DeviceReply(204, "", ReadOnlyMemory<byte>.Empty);
            return DeviceProblem.Of(404, "command-not-found", "This device was told no such command.");
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A device's request ({Call}) failed; it is asked to send it again")]
    private partial void LogFault(string call, Exception fault);
}
