using System.Text.Json;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>From a stored command to its wire form. Every value is checked: a line end or a TAB inside one would be another command.</summary>
internal static class ZkCommandReader
{
    private const int MaxNameLength = 64;
    private const int MaxOptions = 32;
    private const int MaxValueLength = 256;

    private static readonly AttendanceCommands Attendance = new();
    private static readonly AccessCommands Access = new();

    public static ZkCommand Read(DeviceCommandRow row, ZkDialect dialect, ZkCommandContext context)
    {
        try
        {
            return Write(row, dialect == ZkDialect.Access ? Access : Attendance, dialect, context);
        }
        catch (JsonException)
        {
            return ZkCommand.Impossible($"The arguments of {row.Kind} are not what they should be.");
        }
    }

    private static ZkCommand Write(DeviceCommandRow row, IZkCommandWriter writer, ZkDialect dialect, ZkCommandContext context) => row.Kind switch
    {
        CommandKinds.Enrol => Enrol(Read<EnrolArguments>(row), writer),
        CommandKinds.Delete => OfPerson(Read<DeleteArguments>(row), writer.Delete),
        CommandKinds.TimeSync => writer.SetTime(context),
        CommandKinds.FetchLogs => writer.FetchLogs(Read<FetchLogsArguments>(row), context),
        CommandKinds.OpenDoor => OpenDoor(Read<ZkOpenDoorArguments>(row), writer),
        CommandKinds.Settings => ZkCommand.Impossible("A ZKTeco terminal compares faces itself and has no such settings; set its own parameters with zk-options."),
        ZkCommandKinds.User => User(Read<ZkUserArguments>(row), writer),
        ZkCommandKinds.Photo => Photo(Read<ZkPhotoArguments>(row), writer, context),
        ZkCommandKinds.DeleteFace => OfPerson(Read<DeleteArguments>(row), writer.DeleteFace),
        ZkCommandKinds.Reboot => writer.Reboot(),
        ZkCommandKinds.Options => Options(Read<ZkOptionsArguments>(row), writer, dialect),
        ZkCommandKinds.ReadOptions => ReadOptions(Read<ZkReadOptionsArguments>(row), writer),
        ZkCommandKinds.Query => Query(Read<ZkQueryArguments>(row), writer),
        ZkCommandKinds.Check => writer.Check(),
        ZkCommandKinds.UploadLog => writer.UploadLog(),
        ZkCommandKinds.Info => writer.Info(),
        ZkCommandKinds.Clear => Clear(Read<ZkClearArguments>(row), writer),
        _ => ZkCommand.Impossible($"ZKTeco terminals know no command {row.Kind}."),
    };

    private static ZkCommand Enrol(EnrolArguments enrol, IZkCommandWriter writer) => Fault(enrol.PersonNumber, enrol.DisplayName) ?? writer.Enrol(enrol);

    private static ZkCommand OfPerson(DeleteArguments person, Func<string, ZkCommand> write) => Fault(person.PersonNumber) ?? write(person.PersonNumber);

    private static ZkCommand Query(ZkQueryArguments query, IZkCommandWriter writer) => (query.PersonNumber is { } number ? Fault(number) : null) ?? writer.Query(query);

    private static ZkCommand Clear(ZkClearArguments clear, IZkCommandWriter writer) =>
        clear.Confirmed ? writer.Clear(clear) : ZkCommand.Impossible("Not confirmed: what the terminal has not sent yet would be lost.");

    private static ZkCommand OpenDoor(ZkOpenDoorArguments arguments, IZkCommandWriter writer) =>
        arguments is { Seconds: >= 1 and <= 600, Door: >= 1 and <= 16 } ? writer.OpenDoor(arguments) : ZkCommand.Impossible("A door from 1 to 16, and 1 to 600 seconds (the terminal opens for 254 at most).");

    private static ZkCommand User(ZkUserArguments user, IZkCommandWriter writer)
    {
        if (Fault(user.PersonNumber, user.Name) is { } fault)
            return fault;
        if (user.Card is null || user.Card.Length > 20 || !user.Card.All(char.IsAsciiDigit))
            return ZkCommand.Impossible("A card's number has 20 decimal digits at most.");
        return user is { Privilege: >= 0 and <= 14, Group: >= 0 and <= 99, Doors: >= 0 and <= 0xFF, TimeZoneId: >= 0 and <= 999 }
            ? writer.User(user)
            : ZkCommand.Impossible("Privilege 0 to 14, group 0 to 99, doors 0 to 255, time zone 0 to 999.");
    }

    private static ZkCommand Photo(ZkPhotoArguments photo, IZkCommandWriter writer, ZkCommandContext context)
    {
        if (Fault(photo.PersonNumber) is { } fault)
            return fault;
        if (photo.Sealed is null || ZkPhotoSeal.TryOpen(context.Keys, context.Device.Tenant, photo) is not { } jpeg)
            return ZkCommand.Impossible("The picture cannot be opened: its key is gone, or it was changed.");
        return writer.Photo(photo.PersonNumber, jpeg);
    }

    private static ZkCommand Options(ZkOptionsArguments options, IZkCommandWriter writer, ZkDialect dialect)
    {
        if (options.Values is not { Count: >= 1 and <= MaxOptions } values || !values.All(option => IsKey(option.Key) && IsValue(option.Value, MaxValueLength)))
            return ZkCommand.Impossible($"1 to {MaxOptions} parameters of letters and digits, each value on one line and at most {MaxValueLength} characters long.");
        return dialect == ZkDialect.Access && values.Values.Any(value => value.Contains(',', StringComparison.Ordinal))
            ? ZkCommand.Impossible("A comma ends a value in the security dialect.")
            : writer.SetOptions(options);
    }

    private static ZkCommand ReadOptions(ZkReadOptionsArguments options, IZkCommandWriter writer) =>
        options.Keys is { Count: >= 1 and <= MaxOptions } keys && keys.All(IsKey) ? writer.ReadOptions(options) : ZkCommand.Impossible($"1 to {MaxOptions} names of parameters.");

    private static T Read<T>(DeviceCommandRow row)
        where T : class => JsonSerializer.Deserialize<T>(row.Arguments, JsonSerializerOptions.Web) ?? throw new JsonException();

    private static ZkCommand? Fault(string? personNumber, string? name = "")
    {
        if (PersonRules.FaultOfNumber(personNumber ?? "") is { } fault)
            return ZkCommand.Impossible($"Person: {fault}.");
        return name is null || !IsValue(name, MaxNameLength) ? ZkCommand.Impossible($"A name has {MaxNameLength} characters at most, on one line.") : null;
    }

    private static bool IsKey(string? key) => key is { Length: >= 1 and <= 64 } && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '~' or '_');

    private static bool IsValue(string? value, int maxLength) => value is not null && value.Length <= maxLength && !value.Any(char.IsControl);
}
