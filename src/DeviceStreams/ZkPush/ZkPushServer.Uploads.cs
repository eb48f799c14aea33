using System.Globalization;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.ZkPush.Session;
using MediaScore.DeviceStreams.ZkPush.Tables;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush;

public sealed partial class ZkPushServer
{
    // A record of an event, to be sent back with a verdict.
    private const int MaxEchoBytes = 1_024;

    private static bool IsTableName(string name) => name.Length is >= 1 and <= 32 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    /// <summary><c>NAME=COUNT</c>: the name as the terminal spells it, the count that it declared, whatever could be read. Anything else and it sends the same again for ever.</summary>
    private static DeviceReply Counted(string name, string? declared, int lineCount)
    {
        var count = declared is { Length: >= 1 and <= 9 } && declared.All(char.IsAsciiDigit) ? declared : lineCount.ToString();
        return DeviceReply.Text($"{name}={count}");
    }

    private async Task<DeviceReply> TakeDataAsync(ZkSession session, DeviceRequest request, ZkQuery query, CancellationToken cancellationToken)
    {
        // A terminal asks whether to open; this server leaves that to the terminal's own list and says neither yes nor no.
        if (query.Has("AuthType", "device"))
            return await TakeQuestionAsync(session, request, cancellationToken);
        var table = query["table"] ?? "";
        if (table.Length == 0)
            return await TakeTablelessAsync(session, request, query, cancellationToken);
        if (table.Equals("options", StringComparison.OrdinalIgnoreCase))
            return Ok();
        if (table.Equals("tabledata", StringComparison.OrdinalIgnoreCase))
            return await TakeTableDataAsync(session, query, request.Body, cancellationToken);
        var kind = ZkTableNames.Of(table);
        switch (kind)
        {
            case ZkTable.Unknown:
                await _uploads.KeepUnknownAsync(session, IsTableName(table) ? table : "?", request.Body, "unknown table", cancellationToken);
                return Ok();
            case ZkTable.EventPhoto:
                await _uploads.TakePhotoAsync(session, request.Body, query, cancellationToken);
                await NoteStampAsync(session, table, query, cancellationToken);
                return Ok();
            case ZkTable.AccessEvent or ZkTable.DoorState or ZkTable.Ignored:
                await _uploads.TakeLinesAsync(session, kind, table, request.Body, cancellationToken);
                return Ok();
            default:
                return await TakeLinesAsync(session, kind, table, request.Body, query, cancellationToken);
        }
    }

    /// <summary>A table of the attendance dialect: <c>OK: LINES</c>, those that could not be read among them, or the terminal would send them for ever.</summary>
    private async Task<DeviceReply> TakeLinesAsync(ZkSession session, ZkTable kind, string table, ReadOnlyMemory<byte> body, ZkQuery query, CancellationToken cancellationToken)
    {
        if (query.Has("ContentType", "tgz"))
        {
            if (Unpack(body) is not { } unpacked)
            {
                await _uploads.KeepUnknownAsync(session, table, body, "the archive cannot be opened", cancellationToken);
                return Ok();
            }

            body = unpacked;
        }

        var count = await _uploads.TakeLinesAsync(session, kind, table, body, cancellationToken);
        await NoteStampAsync(session, table, query, cancellationToken);
        if (kind == ZkTable.Attendance && session.IsAskedForAll)
        {
            session.IsAskedForAll = false;
            await session.ChangeAsync(state => state with { ResendAll = false }, cancellationToken);
        }

        return DeviceReply.Text($"OK: {count}");
    }

    private async Task<DeviceReply> TakeTableDataAsync(ZkSession session, ZkQuery query, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (query["tablename"] is not { } name || !IsTableName(name))
        {
            if (!body.IsEmpty)
                await _uploads.KeepUnknownAsync(session, "tabledata", body, "no name of a table", cancellationToken);
            return Ok();
        }

        var count = await _uploads.TakeLinesAsync(session, ZkTableNames.Of(name), name, body, cancellationToken);
        return Counted(name, query["count"], count);
    }

    /// <summary>Some firmware leaves the table out: attendance, parameters, or something else.</summary>
    private async Task<DeviceReply> TakeTablelessAsync(ZkSession session, DeviceRequest request, ZkQuery query, CancellationToken cancellationToken)
    {
        var position = 0;
        if (!ZkLines.TryTake(request.Body.Span, ref position, out var first))
            return Ok();
        if (LooksLikeAttendance(first))
            return await TakeLinesAsync(session, ZkTable.Attendance, "ATTLOG", request.Body, query, cancellationToken);
        var says = TerminalOptions.Parse(request.Body.Span);
        if (says.Count > 0 || query["desc"] is not null || query["type"] is not null)
            await LearnAsync(session, says, cancellationToken);
        else
            await _uploads.KeepUnknownAsync(session, "no table", request.Body, "neither attendance nor parameters", cancellationToken);
        return Ok();
    }

    private static bool LooksLikeAttendance(ReadOnlySpan<byte> line)
    {
        Span<Range> fields = stackalloc Range[3];
        return ZkFields.Split(line, fields) >= 2 && (ZkTime.TryParse(line[fields[1]], out _) || ZkTime.TryParseEpoch(line[fields[1]], out _));
    }

    private async Task<DeviceReply> TakeQuestionAsync(ZkSession session, DeviceRequest request, CancellationToken cancellationToken)
    {
        await _uploads.TakeLinesAsync(session, ZkTable.AccessQuestion, "rtlog", request.Body, cancellationToken);
        var echo = request.Body.Span[..Math.Min(request.Body.Length, MaxEchoBytes)].TrimEnd("\r\n\0"u8);
        byte[] answer = [.. "AUTH=TIMEOUT\r\n"u8, .. echo, .. "\r\n"u8];
        return new DeviceReply(200, "text/plain", answer);
    }

    /// <summary>What a terminal answers to a query, in one part or in many. Every part is acknowledged at once: what is lost here the terminal still has, and the query is told again.</summary>
    private async Task<DeviceReply> TakeAnswerAsync(ZkSession session, DeviceRequest request, ZkQuery query, CancellationToken cancellationToken)
    {
        var (type, name, commandId) = (query["type"] ?? "", query["tablename"] ?? "", query["cmdid"] ?? "");
        if (type.Equals("count", StringComparison.OrdinalIgnoreCase))
        {
            await _desk.EndQueryAsync(session, commandId, succeeded: true, ZkText.Clean(request.Body.Span, session.Encoding, 200), cancellationToken);
            return Ok();
        }

        if (type.Equals("options", StringComparison.OrdinalIgnoreCase))
        {
            await LearnAsync(session, TerminalOptions.Parse(request.Body.Span), cancellationToken);
            await _desk.EndQueryAsync(session, commandId, succeeded: true, ZkRedaction.ForOperator(request.Body.Span, session.Encoding) ?? "done", cancellationToken);
            return _services.Options.CountOptionAnswers ? DeviceReply.Text("options=1") : Ok();
        }

        if (!IsTableName(name))
        {
            await _uploads.KeepUnknownAsync(session, "querydata", request.Body, "no name of a table", cancellationToken);
            return Ok();
        }

        await TakePartAsync(session, request.Body, query, name, commandId, cancellationToken);
        return Counted(name, query["count"], ZkLines.Count(request.Body.Span));
    }

    private async Task TakePartAsync(ZkSession session, ReadOnlyMemory<byte> body, ZkQuery query, string name, string commandId, CancellationToken cancellationToken)
    {
        var count = Number(query["packcnt"]) ?? 1;
        if (count > 1)
        {
            var added = session.Packets.Add($"{ZkText.Cut(commandId, 16)}/{name.ToLowerInvariant()}", name, Number(query["packidx"]) ?? 0, count, body.Span, _services.Time.GetUtcNow());
            if (added.IsTooLarge)
                await _desk.EndQueryAsync(session, commandId, succeeded: false, "The answer is too large to be put together; ask for one person at a time.", cancellationToken);
            if (added.Whole is not { } whole)
                return;
            body = whole;
        }

        if (ZkArchive.FromEnvelope(body.Span) is { } archive)
        {
            if (Unpack(archive) is not { } unpacked)
            {
                await _uploads.KeepUnknownAsync(session, name, body, "the archive cannot be opened", cancellationToken);
                await _desk.EndQueryAsync(session, commandId, succeeded: false, "The archive cannot be opened.", cancellationToken);
                return;
            }

            body = unpacked;
        }

        var records = await _uploads.TakeLinesAsync(session, ZkTableNames.Of(name), name, body, cancellationToken);
        await _desk.EndQueryAsync(session, commandId, succeeded: true, string.Create(CultureInfo.InvariantCulture, $"{records} records"), cancellationToken);
    }

    /// <summary>A packed log.</summary>
    private async Task<DeviceReply> TakeFileAsync(ZkSession session, DeviceRequest request, ZkQuery query, CancellationToken cancellationToken)
    {
        var name = query["table"] is { } table && IsTableName(table) ? table : "file";
        if (query.Has("contenttype", "tgz") && Unpack(request.Body) is { } unpacked)
            await _uploads.TakeLinesAsync(session, ZkTableNames.Of(name), name, unpacked, cancellationToken);
        else
            await _uploads.KeepUnknownAsync(session, name, request.Body, "no archive that can be opened", cancellationToken);
        return Ok();
    }

    /// <inheritdoc cref="ZkArchive.Unpack"/>
    /// <exception cref="IOException">Too many are being unpacked; the terminal sends it again.</exception>
    private byte[]? Unpack(ReadOnlyMemory<byte> packed)
    {
        if (!_archives.TryTake(ZkArchive.MaxUnpackedBytes))
            throw new IOException("Too many packed logs come at once.");
        try
        {
            return ZkArchive.Unpack(packed);
        }
        finally
        {
            _archives.Return(ZkArchive.MaxUnpackedBytes);
        }
    }

    private static async Task NoteStampAsync(ZkSession session, string table, ZkQuery query, CancellationToken cancellationToken)
    {
        var stamp = query["Stamp"] ?? query["OpStamp"] ?? query["PhotoStamp"];
        if (stamp is not null && stamp.All(char.IsAsciiLetterOrDigit))
            await session.ChangeAsync(state => state.WithStamp(table.ToUpperInvariant(), stamp), cancellationToken);
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
