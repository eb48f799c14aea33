using System.Globalization;
using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>The attendance dialect. Field order as in the maker's manual.</summary>
internal sealed class AttendanceCommands : IZkCommandWriter
{
    // The manual's sample: retry three times, and replace what is there.
    private const string EnrolTail = "RETRY=3\tOVERWRITE=1";

    public ZkCommand Enrol(EnrolArguments arguments)
    {
        var enrol = new ZkCommandStep($"ENROLL_BIO TYPE=9\tPIN={arguments.PersonNumber}\tCardNo=\t{EnrolTail}");
        // Without a name the person is taken to be there: a user record replaces the whole one, card and all.
        return arguments.DisplayName.Length == 0
            ? new ZkCommand([enrol], ConsentOf: arguments.PersonNumber)
            : new ZkCommand([new ZkCommandStep(UserText(new ZkUserArguments(arguments.PersonNumber, arguments.DisplayName))), enrol], ConsentOf: arguments.PersonNumber);
    }

    // Templates and pictures of the person go with it.
    public ZkCommand Delete(string personNumber) => ZkCommand.Of($"DATA DELETE USERINFO PIN={personNumber}");

    public ZkCommand DeleteFace(string personNumber) => new([
        new ZkCommandStep($"DATA DELETE BIOPHOTO PIN={personNumber}\tType=9", MayFail: true),
        new ZkCommandStep($"DATA DELETE BIODATA Pin={personNumber}\tType=9", MayFail: true),
    ]);

    public ZkCommand User(ZkUserArguments arguments) => ZkCommand.Of(UserText(arguments));

    public ZkCommand Photo(string personNumber, byte[] jpeg)
    {
        var content = Convert.ToBase64String(jpeg);
        return new ZkCommand(
            [new ZkCommandStep($"DATA UPDATE BIOPHOTO PIN={personNumber}\tType=9\tNo=0\tIndex=0\tSize={content.Length}\tContent={content}\tFormat=0\tUrl=\tPostBackTmpFlag=0")], ConsentOf: personNumber);
    }

    // No command for the time is verified on hardware; a new handshake sets it, by the Date header and TimeZone.
    public ZkCommand SetTime(ZkCommandContext context) => ZkCommand.Of("CHECK");

    public ZkCommand FetchLogs(FetchLogsArguments arguments, ZkCommandContext context)
    {
        if (arguments.From is null && arguments.To is null)
            return ZkCommand.Of("CHECK") with { ResendsAll = true };
        var from = context.Clock.LocalAt(arguments.From ?? DateTimeOffset.UnixEpoch);
        var to = context.Clock.LocalAt(arguments.To ?? context.Now);
        return ZkCommand.Of($"DATA QUERY ATTLOG StartTime={Text(from)}\tEndTime={Text(to)}");
    }

    public ZkCommand OpenDoor(ZkOpenDoorArguments arguments) => ZkCommand.Of("AC_UNLOCK") with { OnlyOnce = true };

    public ZkCommand Reboot() => ZkCommand.Of("REBOOT") with { OnlyOnce = true, IsLast = true };

    // One parameter a command.
    public ZkCommand SetOptions(ZkOptionsArguments arguments) => ZkCommand.Of([.. arguments.Values.Select(option => $"SET OPTION {option.Key}={option.Value}")]);

    public ZkCommand ReadOptions(ZkReadOptionsArguments arguments) => ZkCommand.Of([.. arguments.Keys.Select(key => $"GET OPTION FROM {key}")]) with { KeepsContent = true };

    public ZkCommand Query(ZkQueryArguments arguments) => (arguments.What, arguments.PersonNumber) switch
    {
        ("people", null) => ZkCommand.Of("DATA QUERY USERINFO"),
        ("people", var number) => ZkCommand.Of($"DATA QUERY USERINFO PIN={number}"),
        // The pictures come back as BIOPHOTO; terminals have no query of their own for these.
        ("faces", null) => ZkCommand.Of("DATA QUERY BIODATA Type=9"),
        ("faces", var number) => ZkCommand.Of($"DATA QUERY BIODATA Type=9\tPin={number}"),
        _ => ZkCommand.Impossible("The attendance dialect counts with zk-info."),
    };

    public ZkCommand Check() => ZkCommand.Of("CHECK");

    public ZkCommand UploadLog() => ZkCommand.Of("LOG");

    public ZkCommand Info() => ZkCommand.Of("INFO");

    public ZkCommand Clear(ZkClearArguments arguments) => arguments.What switch
    {
        "log" => ZkCommand.Of("CLEAR LOG") with { OnlyOnce = true },
        "photos" => ZkCommand.Of("CLEAR PHOTO") with { OnlyOnce = true },
        "all" => ZkCommand.Of("CLEAR DATA") with { OnlyOnce = true },
        _ => ZkCommand.Impossible($"\"{arguments.What}\" cannot be cleared: log, photos or all."),
    };

    private static string UserText(ZkUserArguments user)
    {
        var text = $"DATA UPDATE USERINFO PIN={user.PersonNumber}\tName={user.Name}\tPri={user.Privilege}\tPasswd=\tCard={user.Card}\tGrp={user.Group}\tTZ=0000000000000000\tVerify=0\tViceCard=";
        if (user.From is null && user.Until is null)
            return text;
        var (from, until) = (user.From ?? new DateOnly(2000, 1, 1), user.Until ?? new DateOnly(2099, 12, 31));
        return string.Create(CultureInfo.InvariantCulture, $"{text}\tStartDatetime={from:yyyy-MM-dd}T00:00:00\tEndDatetime={until:yyyy-MM-dd}T23:59:59\tExpires=1");
    }

    private static string Text(DateTime local) => local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
