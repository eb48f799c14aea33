using System.Collections.Frozen;
using System.Globalization;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.ZkPush.Commands;
using MediaScore.DeviceStreams.ZkPush.Session;
using MediaScore.DeviceStreams.ZkPush.Tables;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush;

/// <summary>
/// ZKTeco PUSH, both dialects: from a terminal's request to the answer that it waits for. Map every path that contains <c>/iclock/</c> here, with every method and any content type, the body as raw
/// bytes, <c>Content-Length</c> among the headers, no redirect, no compression and no page where the answer is empty. A terminal repeats a request until the answer is the right one, so what cannot be
/// read is acknowledged (and kept for a person), and what cannot be stored is not. Thread-safe.
/// </summary>
public sealed partial class ZkPushServer : IDisposable
{
    // What a terminal says of itself has two kilobytes.
    private const int MaxIntroductionBytes = 64 << 10;

    // Sixteen of the longest that are usual; who finds no room comes again.
    private const int BodyBytesAtOnce = 256 << 20;

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
    private readonly TokenBucket _strangers;
    private readonly ByteBudget _bodies = new(BodyBytesAtOnce);

    // Two at once: a packed log is rare.
    private readonly ByteBudget _archives = new(2L * ZkArchive.MaxUnpackedBytes);

    public ZkPushServer(ZkPushServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services;
        Counts = new ZkPushCounts(this);
        _sessions = new ZkSessions(services.Registry, services.Devices, services.Options, services.Time);
        _uploads = new ZkUploads(services, Counts);
        _desk = new ZkCommandDesk(services, Counts);
        _strangers = new TokenBucket(services.Options.StrangerRequestsPerMinute / 60.0, services.Options.StrangerRequestsPerMinute, services.Time);
    }

    public ZkPushCounts Counts { get; }

    /// <summary>More of a body is never read.</summary>
    public int MaxBodyBytes => _services.Options.MaxBodyBytes;

    /// <summary>Answers a request whose body is there.</summary>
    public Task<DeviceReply> HandleAsync(DeviceRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return HandleAsync(request, request.ReadBodyAsync, cancellationToken);
    }

    /// <summary>Answers a request. Throws only where <paramref name="cancellationToken"/> is cancelled; then the terminal gets no answer, and sends again.</summary>
    /// <param name="request">Its body is not looked at.</param>
    /// <param name="readBody">Called at most once, and, but for a few kilobytes in which a terminal says what it is, only for who is approved.</param>
    public async Task<DeviceReply> HandleAsync(DeviceRequest request, BodyReader readBody, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(readBody);
        Counts.CountRequest();
        DeviceReply reply;
        try
        {
            reply = await AnswerAsync(request, readBody, cancellationToken);
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

    public void Dispose() => Counts.Dispose();

    private static DeviceReply Ok() => DeviceReply.Text("OK");

    // No text: firmware was seen that reads the page of an error as an answer.
    private static DeviceReply Status(int status) => DeviceReply.Text("", status);

    private static bool Allows(string methods, string method, string call, ZkQuery query) =>
        methods.Split(' ').Contains(method, StringComparer.OrdinalIgnoreCase)
        // Some firmware puts results into the query string of a GET.
        || (call == "devicecmd" && method.Equals("GET", StringComparison.OrdinalIgnoreCase) && query["ID"] is not null);

    private async Task<DeviceReply> AnswerAsync(DeviceRequest request, BodyReader readBody, CancellationToken cancellationToken)
    {
        // Never "200" to what is not known: firmware was seen that then takes itself for set up and only polls until its power is cut.
        if (ZkPath.CallOf(request.Path) is not { } call || !Methods.TryGetValue(call, out var methods))
            return Answered(DeviceReply.Text("Not found", 404));
        var query = ZkQuery.Parse(request.Query);
        if (!Allows(methods, request.Method, call, query))
            return Refused(DeviceReply.Text("Method not allowed", 405) with { Headers = new Dictionary<string, string> { ["Allow"] = methods.Replace(" ", ", ", StringComparison.Ordinal) } });
        if (query["SN"] is not { Length: > 0 } serial)
            return Refused(DeviceReply.Text("Missing SN parameter", 400));
        if (!IsSerial(serial))
            return Refused(DeviceReply.Text("Invalid SN parameter", 400));
        // Its key exchange belongs to a library of the maker's; without an answer it goes on in plain text.
        if (call == "exchange")
            return Answered(DeviceReply.Text("Not found", 404));
        var isApproved = Known(serial)?.Row.State == DeviceState.Approved;
        if (!isApproved && _strangers.TryTake() > TimeSpan.Zero)
            return Refused(Status(429));
        TerminalOptions? says = null;
        if (Introduces(call, query))
        {
            // Of a stranger too: whoever is to approve it sees what it is.
            var (introduction, fault) = await ReadAsync(readBody, Math.Min(MaxIntroductionBytes, MaxBodyBytes), isApproved ? serial : null, cancellationToken);
            if (fault is not null)
                return fault;
            request = request with { Body = introduction };
            says = TerminalOptions.Parse(introduction.Span);
        }

        var (admission, session) = await AdmitAsync(request, call, query, serial, says, cancellationToken);
        if (session is null)
            return Refused(Refusal(admission, call));
        if (session.Budget.TryTake() > TimeSpan.Zero || !session.TryBegin())
            return Refused(Status(429));
        try
        {
            return await ServeAsync(session, request, readBody, call, query, says, cancellationToken);
        }
        finally
        {
            session.End();
        }
    }

    private async Task<DeviceReply> ServeAsync(
        ZkSession session, DeviceRequest request, BodyReader readBody, string call, ZkQuery query, TerminalOptions? says, CancellationToken cancellationToken)
    {
        var room = says is null ? RoomFor(request) : 0;
        if (!_bodies.TryTake(room))
            return Refused(Status(503));
        try
        {
            if (says is null)
            {
                var (body, fault) = await ReadAsync(readBody, MaxBodyBytes, session.Device.Row.Serial, cancellationToken);
                if (fault is not null)
                    return fault;
                request = request with { Body = body };
            }

            await NoteAsync(session, call, query, says, cancellationToken);
            return Answered(await DispatchAsync(session, request, call, query, cancellationToken));
        }
        finally
        {
            _bodies.Return(room);
        }
    }

    /// <summary>What a body will take in memory: as it is declared, or else the most that it may.</summary>
    private int RoomFor(DeviceRequest request)
    {
        if (!request.Body.IsEmpty || request.Method.Equals("GET", StringComparison.OrdinalIgnoreCase))
            return Math.Min(request.Body.Length, MaxBodyBytes);
        return int.TryParse(request.Headers.GetValueOrDefault("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? Math.Min(length, MaxBodyBytes) : MaxBodyBytes;
    }

    /// <param name="serial">Null: a stranger's, of whose bodies nothing is written down.</param>
    /// <returns>The body; or the answer to one that is too long or breaks off.</returns>
    private async ValueTask<(ReadOnlyMemory<byte> Body, DeviceReply? Fault)> ReadAsync(BodyReader readBody, int maxBytes, string? serial, CancellationToken cancellationToken)
    {
        try
        {
            if (await readBody(maxBytes, cancellationToken) is { } body)
                return (body, null);
        }
        catch (Exception fault) when (fault is IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Nobody waits for this answer any more; the whole comes again.
            return (default, Refused(Status(400)));
        }

        if (serial is not null && maxBytes == MaxBodyBytes)
            LogTooLarge(serial, maxBytes);
        else if (serial is not null)
            LogTooWordy(serial, maxBytes);
        return (default, Refused(DeviceReply.Text("Request body too large", 413)));
    }

    private DeviceReply Answered(DeviceReply reply)
    {
        Counts.CountAnswered();
        return reply;
    }

    private DeviceReply Refused(DeviceReply reply)
    {
        Counts.CountRefused();
        return reply;
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
