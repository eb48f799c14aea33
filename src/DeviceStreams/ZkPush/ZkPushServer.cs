using System.Collections.Frozen;
using System.Security.Cryptography;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Commands;
using MediaScore.DeviceStreams.ZkPush.Session;
using MediaScore.DeviceStreams.ZkPush.Tables;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush;

/// <summary>
/// ZKTeco PUSH, both dialects: from a terminal's request to the answer that it waits for. Map every path that contains <c>/iclock/</c> here, with every method and any content type, the body as raw
/// bytes, no redirect and no compression. A terminal repeats a request until the answer is the right one, so what cannot be read is acknowledged (and kept for a person), and what cannot be
/// stored is not. Thread-safe.
/// </summary>
public sealed partial class ZkPushServer
{
    private static readonly FrozenDictionary<string, string> Methods = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cdata"] = "GET POST",
        ["fdata"] = "POST",
        ["getrequest"] = "GET",
        ["devicecmd"] = "POST",
        ["registry"] = "GET POST",
        ["push"] = "GET POST",
        ["ping"] = "GET POST",
        ["querydata"] = "POST",
        ["rtdata"] = "GET",
        ["exchange"] = "POST",
        ["file"] = "POST",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly ZkPushServices _services;
    private readonly ZkSessions _sessions;
    private readonly ZkUploads _uploads;
    private readonly ZkCommandDesk _desk;
    private readonly RequestBudget _strangers;

    public ZkPushServer(ZkPushServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services;
        _sessions = new ZkSessions(services.Registry, services.Devices, services.Options, services.Time);
        _uploads = new ZkUploads(services, Counts);
        _desk = new ZkCommandDesk(services, Counts);
        _strangers = new RequestBudget(services.Options.StrangerRequestsPerMinute, services.Time);
    }

    public ZkPushCounts Counts { get; } = new();

    /// <summary>The host need not read more of a body than one byte above this.</summary>
    public int MaxBodyBytes => _services.Options.MaxBodyBytes;

    /// <summary>Answers one request. Throws only where <paramref name="cancellationToken"/> is cancelled; then the terminal gets no answer, and sends again.</summary>
    public async Task<DeviceReply> HandleAsync(DeviceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Counts.CountRequest();
        DeviceReply reply;
        try
        {
            reply = await AnswerAsync(request, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Counts.CountFault();
            LogFault(ZkPath.CallOf(request.Path) ?? "?", fault);
            reply = Status(503);
        }

        // Terminals set their clocks by it.
        var headers = new Dictionary<string, string>(reply.Headers, StringComparer.OrdinalIgnoreCase) { ["Date"] = _services.Time.GetUtcNow().ToString("R") };
        return reply with { Headers = headers };
    }

    private static DeviceReply Ok() => DeviceReply.Text("OK");

    // No text: firmware was seen that reads the page of an error as an answer.
    private static DeviceReply Status(int status) => DeviceReply.Text("", status);

    private static bool IsSerial(string? serial) => serial is { Length: >= 1 and <= 64 } && serial.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static bool Allows(string methods, string method, string call, ZkQuery query) =>
        methods.Split(' ').Contains(method, StringComparer.OrdinalIgnoreCase)
        // Some firmware puts results into the query string of a GET.
        || (call == "devicecmd" && method.Equals("GET", StringComparison.OrdinalIgnoreCase) && query["ID"] is not null);

    private async Task<DeviceReply> AnswerAsync(DeviceRequest request, CancellationToken cancellationToken)
    {
        // Never "200" to what is not known: firmware was seen that then takes itself for set up and only polls until its power is cut.
        if (ZkPath.CallOf(request.Path) is not { } call || !Methods.TryGetValue(call, out var methods))
            return DeviceReply.Text("Not found", 404);
        var query = ZkQuery.Parse(request.Query);
        if (!Allows(methods, request.Method, call, query))
            return Refused(DeviceReply.Text("Method not allowed", 405) with { Headers = new Dictionary<string, string> { ["Allow"] = methods.Replace(" ", ", ", StringComparison.Ordinal) } });
        if (query["SN"] is not { Length: > 0 } serial)
            return Refused(DeviceReply.Text("Missing SN parameter", 400));
        if (!IsSerial(serial))
            return Refused(DeviceReply.Text("Invalid SN parameter", 400));
        if (request.Body.Length > MaxBodyBytes)
        {
            LogTooLarge(serial, request.Body.Length, MaxBodyBytes);
            return Refused(DeviceReply.Text("Request body too large", 413));
        }

        // Its key exchange belongs to a library of the maker's; without an answer it goes on in plain text.
        if (call == "exchange")
            return DeviceReply.Text("Not found", 404);
        var says = Introduces(call, query) ? TerminalOptions.Parse(request.Body.Span) : null;
        var (admission, session) = await AdmitAsync(request, call, query, serial, says, cancellationToken);
        if (session is null)
            return Refused(Refusal(admission, call));
        if (!session.Budget.TryTake())
            return Refused(Status(429));
        await NoteAsync(session, call, query, says, cancellationToken);
        return await DispatchAsync(session, request, call, query, cancellationToken);
    }

    private DeviceReply Refused(DeviceReply reply)
    {
        Counts.CountRefused();
        return reply;
    }

    private static DeviceReply Refusal(Admission? admission, string call) => admission?.Verdict switch
    {
        null => Status(429),
        // Approved, and no room in memory.
        AdmissionVerdict.Approved or AdmissionVerdict.TooManyPending => Status(503),
        // What the security dialect understands as "not registered"; it asks again, and keeps what it has.
        _ when call == "registry" => Status(406),
        AdmissionVerdict.WrongNetwork or AdmissionVerdict.WrongCredential => Status(403),
        _ => Status(401),
    };

    /// <summary>The body says model and firmware.</summary>
    private static bool Introduces(string call, ZkQuery query) => call == "registry" || (call == "cdata" && query.Has("table", "options"));

    /// <summary>May this terminal take part? The registry knows it under one of two protocols, and which it speaks shows only with time.</summary>
    /// <returns>No admission where strangers ask too often; no session where it may not take part.</returns>
    private async Task<(Admission? Admission, ZkSession? Session)> AdmitAsync(
        DeviceRequest request, string call, ZkQuery query, string serial, TerminalOptions? says, CancellationToken cancellationToken)
    {
        var (registry, tenant) = (_services.Registry, _services.Devices.Tenant);
        var evidence = DialectOf(call, query);
        var known = Known(serial);
        if (known?.Row.State != DeviceState.Approved && !_strangers.TryTake())
            return (null, null);
        var protocol = evidence == ZkDialect.Access ? DeviceProtocol.ZkAccess : DeviceProtocol.ZkAttendance;
        if (known is { Row.State: DeviceState.Pending } && evidence is not null && known.Row.Protocol != protocol)
        {
            // It was taken for the other kind before it said what it is; nobody has judged it yet.
            await registry.RemoveAsync(known.Id, cancellationToken);
            known = null;
        }

        var introduction = new DeviceIntroduction(tenant, known?.Row.Protocol ?? protocol, serial, request.From) { Model = says?.Model ?? "", Firmware = says?.Firmware ?? "" };
        var admission = await registry.AdmitAsync(introduction, cancellationToken);
        if (!admission.IsApproved || admission.Device is not { } device)
        {
            LogTurnedAway(serial, admission.Verdict, admission.Reason);
            return (admission, null);
        }

        return (admission, _sessions.Of(device));
    }

    private Device? Known(string serial)
    {
        var access = _services.Registry.Find(_services.Devices.Tenant, DeviceProtocol.ZkAccess, serial);
        var attendance = _services.Registry.Find(_services.Devices.Tenant, DeviceProtocol.ZkAttendance, serial);
        return attendance?.Row.State == DeviceState.Approved && access?.Row.State != DeviceState.Approved ? attendance : access ?? attendance;
    }

    /// <summary>What a request proves; <c>pushver</c> and <c>PushVersion</c> prove nothing: attendance terminals say 3.x there.</summary>
    private static ZkDialect? DialectOf(string call, ZkQuery query)
    {
        if (query["DeviceType"] is { Length: > 0 } type)
            return type.Equals("acc", StringComparison.OrdinalIgnoreCase) ? ZkDialect.Access : ZkDialect.Attendance;
        if (call is "registry" or "push" or "querydata" or "rtdata" || ZkTableNames.IsOfAccess(query["table"] ?? ""))
            return ZkDialect.Access;
        return ZkTableNames.IsOfAttendance(query["table"] ?? "") ? ZkDialect.Attendance : null;
    }

    /// <summary>Writes down what is new about a terminal.</summary>
    private static async Task NoteAsync(ZkSession session, string call, ZkQuery query, TerminalOptions? says, CancellationToken cancellationToken)
    {
        if (query["DeviceType"] is { Length: > 0 and <= 16 } type)
            session.DeviceType = type.ToLowerInvariant();
        var dialect = DialectOf(call, query);
        var language = says?.Language ?? (int.TryParse(query["language"], out var menu) ? menu : null);
        await session.ChangeAsync(
            state =>
            {
                if (state.RegistryCode.Length == 0)
                    state = state with { RegistryCode = RandomNumberGenerator.GetHexString(16, lowercase: true), SessionId = RandomNumberGenerator.GetHexString(32) };
                return state with { Dialect = dialect ?? state.Dialect, Language = language ?? state.Language };
            },
            cancellationToken);
    }

    private async Task<DeviceReply> DispatchAsync(ZkSession session, DeviceRequest request, string call, ZkQuery query, CancellationToken cancellationToken)
    {
        switch (call)
        {
            case "cdata" when request.Method.Equals("GET", StringComparison.OrdinalIgnoreCase):
                return query["table"] is { Length: > 0 } ? Ok() : await ShakeHandsAsync(session, cancellationToken);
            case "cdata":
                return await TakeDataAsync(session, request, query, cancellationToken);
            case "fdata":
                await _uploads.TakePhotoAsync(session, request.Body, query, cancellationToken);
                return Ok();
            case "getrequest":
                await LearnAsync(session, query["INFO"] is { Length: > 0 } info ? TerminalOptions.ParseInfo(info) : null, cancellationToken);
                return await _desk.TakeAsync(session, cancellationToken) is { } commands ? new DeviceReply(200, "text/plain", commands) : Ok();
            case "devicecmd":
                return await TakeResultsAsync(session, request, query, cancellationToken);
            case "registry":
                return DeviceReply.Text($"RegistryCode={session.State.RegistryCode}");
            case "push":
                return DeviceReply.Text(ZkHandshake.AccessConfiguration(session.State, _services.Options));
            case "querydata":
                return await TakeAnswerAsync(session, request, query, cancellationToken);
            case "rtdata":
                var now = _services.Time.GetUtcNow();
                return DeviceReply.Text(ZkHandshake.Time(now, session.Clock.OffsetAt(now)));
            case "file":
                return await TakeFileAsync(session, request, query, cancellationToken);
            default:
                return Ok();
        }
    }

    private async Task<DeviceReply> ShakeHandsAsync(ZkSession session, CancellationToken cancellationToken)
    {
        if (session.Dialect == ZkDialect.Access)
            return DeviceReply.Text(ZkHandshake.Access(session.State, _services.Options));
        var now = _services.Time.GetUtcNow();
        int? zone = null;
        if (_services.Options.SetClock)
        {
            var offset = session.Clock.OffsetAt(now);
            zone = ZkClock.ToOption(offset);
            await session.ChangeAsync(state => state with { OffsetMinutes = (int)offset.TotalMinutes, OffsetGivenAt = now }, cancellationToken);
            session.ClockQueuedFor = null;
        }

        session.IsAskedForAll = session.State.ResendAll;
        return DeviceReply.Text(ZkHandshake.Attendance(session.Device.Row.Serial, session.State, _services.Options, _services.Devices.KeepPicturesDays > 0, zone));
    }

    /// <summary>Model and firmware, where a terminal says them elsewhere than at its registration.</summary>
    private async Task LearnAsync(ZkSession session, TerminalOptions? says, CancellationToken cancellationToken)
    {
        var row = session.Device.Row;
        if (says is null || ((says.Model.Length == 0 || says.Model == row.Model) && (says.Firmware.Length == 0 || says.Firmware == row.Firmware)))
            return;
        await _services.Registry.ChangeAsync(
            row.Id,
            known => (known.Model, known.Firmware) = (says.Model.Length > 0 ? says.Model : known.Model, says.Firmware.Length > 0 ? says.Firmware : known.Firmware),
            announce: false,
            cancellationToken);
    }

    private async Task<DeviceReply> TakeResultsAsync(ZkSession session, DeviceRequest request, ZkQuery query, CancellationToken cancellationToken)
    {
        var results = request.Body.IsEmpty ? CommandResults.Parse(query) : CommandResults.Parse(request.Body);
        if (results.Count == 0 && ZkLines.Count(request.Body.Span) > 0)
            await _uploads.KeepUnknownAsync(session, "devicecmd", request.Body, "no result in it", cancellationToken);
        // What INFO says stands behind its result.
        foreach (var result in results.Where(result => result.Command.Equals("INFO", StringComparison.OrdinalIgnoreCase)))
            await LearnAsync(session, TerminalOptions.Parse(result.Content.Span), cancellationToken);
        await _desk.TakeResultsAsync(session, results, cancellationToken);
        return Ok();
    }
}
