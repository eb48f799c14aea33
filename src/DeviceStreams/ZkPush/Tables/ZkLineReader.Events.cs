using System.Globalization;
using MediaScore.DeviceStreams.ZkPush.Codes;
using MediaScore.DeviceStreams.ZkPush.Wire;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Tables;

internal sealed partial class ZkLineReader
{
    private void ReadAttendance(ReadOnlySpan<byte> line)
    {
        // Some firmware writes a heading.
        if (line.StartsWith("TableName"u8))
            return;
        if (!AttendanceLine.TryParse(line, out var record) || Number(record.Pin) is not { } person)
        {
            Unreadable("ATTLOG", line, "person or time are missing");
            return;
        }

        if (When(record.Time, record.TimeOffset) is not { } when)
        {
            Unreadable("ATTLOG", line, "no time");
            return;
        }

        var status = ZkNumber.Parse(record.Status);
        // The manual's seventh for these terminals: 1 a check of a card, and then the status says how it went.
        var isCheck = context.ChecksCards && ZkNumber.Parse(record.Temperature) is 1;
        var outcome = !isCheck || status is 0 or null ? DeviceEventOutcome.Granted : status == 2 ? DeviceEventOutcome.Denied : DeviceEventOutcome.NotRecognised;
        // A person and a second: two true entries of one person in one second cannot be told apart, and no terminal lets them happen.
        var happened = NewEvent($"att/{person}/{when.Key}", isCheck ? DeviceEventKind.Access : DeviceEventKind.Attendance, outcome, when.At, when.Written);
        happened.PersonNumber = person;
        happened.Method = isCheck ? ZkNumber.Parse(record.Verify) is 1 ? "face" : "face+fingerprint" : VerifyCodes.MethodOf(record.Verify);
        happened.Direction = isCheck ? "" : AttendanceStates.DirectionOf(status);
        happened.Code = ZkText.Clean(record.Status, context.Encoding, 16);
        var detail = default(ZkDetail);
        detail.AddUnlessZero("workCode", record.WorkCode, context.Encoding);
        if (!context.ChecksCards)
        {
            detail.AddUnlessZero("mask", record.MaskFlag, context.Encoding);
            detail.AddUnlessZero("temperature", record.Temperature, context.Encoding);
        }

        Finish(happened, detail);
    }

    private void ReadOperation(ReadOnlySpan<byte> record)
    {
        if (!OperationLine.TryParse(record, out var operation) || When(operation.Time, default) is not { } when)
        {
            Unreadable("OPLOG", record, "type or time are missing");
            return;
        }

        var code = OperationCode.Of(operation.Type, ZkNumber.Parse(operation.Object));
        // The line is all there is: what differs in nothing is the same.
        var happened = NewEvent($"op/{ZkText.Clean(record, context.Encoding, 1_024)}", code.Kind, code.Outcome, when.At, when.Written);
        if (OperationCode.IsAboutPerson(operation.Type) && Number(operation.Object) is { } person && person != "0")
            happened.PersonNumber = person;
        happened.Code = operation.Type.ToString();
        happened.Method = operation.Type == 53 ? "button" : "";
        happened.Reason = code.Text;
        var detail = default(ZkDetail);
        detail.AddUnlessZero("operator", operation.Operator, context.Encoding);
        detail.AddUnlessZero("object", operation.Object, context.Encoding);
        detail.AddUnlessZero("values", operation.Values, context.Encoding);
        Finish(happened, detail);
    }

    private void ReadAccessEvent(string tableName, ReadOnlySpan<byte> record, bool isQuestion)
    {
        if (!RealtimeEventLine.TryParse(record, out var line) || ZkNumber.Parse(line.Event) is not { } number)
        {
            Unreadable(tableName, record, "time or event are missing");
            return;
        }

        var at = line.PackedTime is { } packed ? When(packed) : When(line.Time, default);
        if (at is not { } when)
        {
            Unreadable(tableName, record, "no time");
            return;
        }

        var person = Number(line.Pin) is { } pin && pin != "0" ? pin : null;
        var code = AccessEventCode.Of(number);
        // The terminal's own events have the codes of passages: only somebody who is named has passed.
        if (code.Outcome == DeviceEventOutcome.Granted && person is null)
            code = code with { Kind = DeviceEventKind.Door, Outcome = DeviceEventOutcome.None };
        if (isQuestion)
            code = new AccessEventCode(DeviceEventKind.Access, DeviceEventOutcome.NotAssessed, "the terminal asked, and was left to its own lists");
        var happened = NewEvent((isQuestion ? "ask/" : "rt/") + AccessKey(line, when, number), code.Kind, code.Outcome, when.At, when.Written);
        happened.PersonNumber = person;
        // Of a linkage the field holds the event that was its cause.
        happened.Method = number is 36 or 202 ? "button" : number == 6 ? "" : VerifyCodes.MethodOf(line.Verify);
        happened.Direction = ZkNumber.Parse(line.Direction) switch { 0 => "in", 1 => "out", _ => "" };
        happened.Code = number.ToString();
        happened.Reason = code.Text;
        var detail = default(ZkDetail);
        // A panel has several doors; the device's own name for "its" door does not say which.
        if (happened.Door.Length == 0)
            happened.Door = ZkText.Clean(line.Door, context.Encoding, 16);
        else
            detail.AddUnlessZero("door", line.Door, context.Encoding);
        detail.AddUnlessZero("card", line.Card, context.Encoding);
        detail.AddUnlessZero("mask", line.MaskFlag, context.Encoding);
        detail.AddUnlessZero("temperature", line.Temperature, context.Encoding);
        Finish(happened, detail);
    }

    private void ReadDoorState(ReadOnlySpan<byte> record)
    {
        if (!RealtimeStateLine.TryParse(record, out var state) || When(state.Time, default) is not { } when)
        {
            Unreadable("rtstate", record, "time or sensor are missing");
            return;
        }

        // A state is of now, whatever its clock says.
        harvest.ClockAhead = when.At - context.Arrival;
        var text = ZkText.Clean(state.Sensor, context.Encoding, 8) + "/" + ZkText.Clean(state.Relay, context.Encoding, 16) + "/" + ZkText.Clean(state.Alarm, context.Encoding, 32);
        // It comes every few seconds: what is new is the event.
        if (harvest.DoorState == text)
            return;
        harvest.DoorState = text;
        var alarms = DoorStates.Alarms(state.Alarm);
        var happened = NewEvent($"state/{when.Key}/{text}", alarms.Length > 0 ? DeviceEventKind.Alarm : DeviceEventKind.Door, DeviceEventOutcome.None, when.At, when.Written);
        happened.Code = ZkText.Cut(text, 64);
        var doors = DoorStates.Doors(state.Sensor);
        happened.Reason = ZkText.Cut(alarms.Length > 0 && doors.Length > 0 ? $"{doors}; {alarms}" : doors + alarms, 256);
        harvest.Events.Add(happened);
    }

    private void Finish(DeviceEventRow happened, ZkDetail detail)
    {
        // What is behind may have waited in the terminal; what is ahead cannot have.
        if (happened.OccurredAt - context.Arrival is var ahead && ahead > ClockTolerance)
        {
            harvest.ClockAhead = ahead;
            detail.Add("clockAheadS", ((long)ahead.TotalSeconds).ToString());
        }

        happened.Detail = detail.ToJson();
        harvest.Events.Add(happened);
    }

    private string AccessKey(in RealtimeEventLine line, Moment when, int number)
    {
        // The number begins again when the log is cleared, so the time belongs to it.
        if (ZkNumber.ParseLong(line.Index) is > 0 and var index)
            return $"{index}/{when.Key}";
        return $"{ZkText.Clean(line.Pin, context.Encoding, MaxNumberLength)}/{when.Key}/{number}/{ZkText.Clean(line.Door, context.Encoding, 8)}";
    }

    /// <param name="offset">Seconds east of Greenwich, where the line says so.</param>
    private Moment? When(ReadOnlySpan<byte> time, ReadOnlySpan<byte> offset)
    {
        if (ZkTime.TryParseEpoch(time, out var instant))
            return new Moment(instant, "@" + instant.ToUnixTimeSeconds().ToString(), instant.ToUnixTimeSeconds().ToString());
        if (!ZkTime.TryParse(time, out var local))
            return null;
        return ZkNumber.Parse(offset) is >= -50_400 and <= 50_400 and var seconds && seconds % 60 == 0
            ? Local(local, new DateTimeOffset(local, TimeSpan.FromSeconds(seconds)))
            : Local(local, context.Clock.ToInstant(local, context.Arrival));
    }

    private Moment? When(long packed) => ZkTime.TryUnpack(packed, out var local) ? Local(local, context.Clock.ToInstant(local, context.Arrival)) : null;

    // The key holds the digits, not the instant: a zone that is set right later must not make the same event another.
    private static Moment Local(DateTime local, DateTimeOffset at) =>
        new(at, local.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture), local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

    /// <param name="Key">Part of a deduplication key.</param>
    /// <param name="Written">As the terminal wrote it.</param>
    private readonly record struct Moment(DateTimeOffset At, string Key, string Written);
}
