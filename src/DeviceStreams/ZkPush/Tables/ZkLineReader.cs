using System.Security.Cryptography;
using System.Text;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.ZkPush.Codes;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>From lines to events, people and pictures. Pure, and throws for no input: what cannot be read becomes an event that says so, for a person to look at.</summary>
internal sealed partial class ZkLineReader(ZkLineContext context, ZkHarvest harvest)
{
    private const int MaxNumberLength = 64;
    private const int MaxWordLength = 64;

    // Clocks of both sides are never quite the same, and a request takes its time.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <param name="tableName">As the request or the line calls it.</param>
    public void Read(ZkTable table, string tableName, ReadOnlySpan<byte> line)
    {
        if (table == ZkTable.Attendance)
        {
            ReadAttendance(line);
            return;
        }

        var record = line;
        var kind = ZkPairs.TakeTableName(ref record);
        if (kind.Length is > 0 and <= MaxWordLength && table is not (ZkTable.AccessEvent or ZkTable.AccessQuestion or ZkTable.DoorState))
        {
            var name = Encoding.ASCII.GetString(kind);
            if (Ascii.EqualsIgnoreCase(kind, "OPLOG"u8))
            {
                ReadOperation(record);
                return;
            }

            if (ZkTableNames.Of(name) is not (ZkTable.Unknown or ZkTable.Operation or ZkTable.Attendance) and var known)
                (table, tableName) = (known, name);
        }

        switch (table)
        {
            case ZkTable.User:
                ReadUser(tableName, record);
                break;
            case ZkTable.Template:
                Forget(TemplateLine.IsOne(record, tableName.ToLowerInvariant()), tableName, record, "person, type or template are missing");
                break;
            case ZkTable.FacePicture:
                ReadFace(tableName, record);
                break;
            case ZkTable.Portrait:
                Forget(PictureLine.TryParse(record, out _), tableName, record, "person or picture are missing");
                break;
            case ZkTable.IdentityCard:
                Forget(IdentityCardLine.IsOne(record), tableName, record, "person or card are missing");
                break;
            case ZkTable.Error:
                ReadError(record);
                break;
            case ZkTable.AccessEvent:
                ReadAccessEvent(tableName, record, isQuestion: false);
                break;
            case ZkTable.AccessQuestion:
                ReadAccessEvent(tableName, record, isQuestion: true);
                break;
            case ZkTable.DoorState:
                ReadDoorState(record);
                break;
            case ZkTable.EventPhoto:
                ReadPhoto(record);
                break;
            case ZkTable.Ignored:
                harvest.ForgottenCount++;
                break;
            default:
                Unreadable(tableName, line, table == ZkTable.Operation ? "unknown kind of line" : "unknown table");
                break;
        }
    }

    /// <summary>The photo of a body of its own.</summary>
    public void Add(AttendancePhoto photo) => AddPhoto(photo.FileName, photo.Jpeg);

    /// <summary>Counted, and kept for a person where there is room.</summary>
    /// <param name="what">The line, or the body.</param>
    public void Unreadable(string tableName, ReadOnlySpan<byte> what, string fault)
    {
        harvest.UnreadableCount++;
        if (!context.MayKeepUnreadable())
            return;
        var table = ZkText.Cut(tableName, 24);
        var detail = default(ZkDetail);
        detail.Add("table", table);
        detail.Add("bytes", what.Length.ToString());
        detail.Add("line", ZkRedaction.ForOperator(what, context.Encoding));
        var happened = NewEvent($"bad/{table}/{Fingerprint(what)}", DeviceEventKind.Device, DeviceEventOutcome.NotAssessed, context.Arrival, "");
        happened.Code = "unreadable";
        happened.Reason = $"{table}: {fault}";
        happened.Detail = detail.ToJson();
        harvest.Events.Add(happened);
    }

    private static string Fingerprint(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));

    private void ReadUser(string tableName, ReadOnlySpan<byte> record)
    {
        if (!UserLine.TryParse(record, out var user) || Number(user.Pin) is not { } number)
        {
            Unreadable(tableName, record, "nobody is named");
            return;
        }

        harvest.People.Add(new TerminalPerson(number, ZkText.Clean(user.Name, context.Encoding, MaxWordLength), user.IsDisabled));
    }

    private void ReadFace(string tableName, ReadOnlySpan<byte> record)
    {
        if (!PictureLine.TryParse(record, out var picture) || Number(picture.Pin) is not { } number || number == "0")
            Unreadable(tableName, record, "person or picture are missing");
        else if (picture.Type is not (null or 0 or 9))
            harvest.ForgottenCount++;
        else if (ZkBase64.Decode(picture.Base64) is not { } jpeg || !ZkBase64.IsJpeg(jpeg))
            Unreadable(tableName, record, "the picture is no JPEG");
        else
            harvest.AddFace(number, jpeg);
    }

    private void ReadPhoto(ReadOnlySpan<byte> record)
    {
        if (!PictureLine.TryParse(record, out var picture) || ZkBase64.Decode(picture.Base64) is not { } jpeg || !ZkBase64.IsJpeg(jpeg))
            Unreadable("ATTPHOTO", record, "name or picture are missing");
        else
            AddPhoto(ZkText.Clean(picture.Pin, context.Encoding, MaxWordLength), jpeg);
    }

    private void AddPhoto(string fileName, ReadOnlyMemory<byte> jpeg)
    {
        var name = PhotoName.Parse(fileName);
        var at = name.TakenAt is { } local ? context.Clock.ToInstant(local, context.Arrival) : context.Arrival;
        // The same name may come with another picture: of two people in one second, or after the terminal's clock was set back.
        var happened = NewEvent(
            $"photo/{fileName}/{Fingerprint(jpeg.Span)}", DeviceEventKind.Device, name.PersonNumber is null ? DeviceEventOutcome.NotRecognised : DeviceEventOutcome.None, at, fileName);
        happened.PersonNumber = name.PersonNumber is { } person && person != "0" ? ZkText.Cut(person, MaxNumberLength) : null;
        happened.Code = "photo";
        harvest.AddPhoto(happened, jpeg);
    }

    private void ReadError(ReadOnlySpan<byte> record)
    {
        if (!ErrorLine.TryParse(record, out var error))
        {
            Unreadable("ERRORLOG", record, "no code");
            return;
        }

        var code = ZkText.Clean(error.Code, context.Encoding, MaxWordLength);
        var message = ZkText.Clean(error.Message, context.Encoding, 200);
        var detail = default(ZkDetail);
        detail.Add("origin", ZkText.Clean(error.Origin, context.Encoding, 16));
        detail.Add("command", ZkText.Clean(error.CommandId, context.Encoding, 16));
        // The line has no time: sent again at once it is the same, tomorrow another.
        var happened = NewEvent($"err/{Fingerprint(record)}/{context.Arrival.UtcDateTime:yyyyMMddHH}", DeviceEventKind.Device, DeviceEventOutcome.None, context.Arrival, "");
        happened.Code = code;
        happened.Reason = message.Length > 0 ? message : ErrorCodes.Describe(code);
        happened.Detail = detail.ToJson();
        harvest.Events.Add(happened);
    }

    /// <summary>Read to see that it is what it says, and kept nowhere.</summary>
    private void Forget(bool isReadable, string tableName, ReadOnlySpan<byte> record, string fault)
    {
        if (isReadable)
            harvest.ForgottenCount++;
        else
            Unreadable(tableName, record, fault);
    }

    /// <returns>Null where it is none, or too long to be one.</returns>
    private string? Number(ReadOnlySpan<byte> pin)
    {
        if (pin.Length > MaxNumberLength)
            return null;
        var number = ZkText.Clean(pin, context.Encoding, MaxNumberLength);
        return number.Length > 0 ? number : null;
    }

    private DeviceEventRow NewEvent(string key, DeviceEventKind kind, DeviceEventOutcome outcome, DateTimeOffset at, string written) => new()
    {
        Tenant = context.Device.Tenant,
        DeviceId = context.Device.Id,
        DeduplicationKey = key.Length <= 128 ? key : $"{key[..key.IndexOf('/', StringComparison.Ordinal)]}/{Fingerprint(Encoding.UTF8.GetBytes(key))}",
        Kind = kind,
        Outcome = outcome,
        OccurredAt = at,
        DeviceTime = ZkText.Cut(written, 40),
        Door = context.Device.Row.Door,
    };
}
