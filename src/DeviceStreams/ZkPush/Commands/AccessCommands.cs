using System.Globalization;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>The security dialect. <c>CONTROL DEVICE</c> takes hexadecimal digits without blanks; the manual's table counts in tens and its examples do not.</summary>
internal sealed class AccessCommands : IZkCommandWriter
{
    private const string WantedOptions = "~SerialNumber,~DeviceName,FirmVer,UserCount,FaceCount,TransactionCount,LockCount,IPAddress,Language";

    public ZkCommand Enrol(EnrolArguments arguments)
    {
        var enrol = new ZkCommandStep($"ENROLL_BIO type=9\tno=0\tpin={arguments.PersonNumber}\tcardno=\tretry=3\toverwrite=1");
        return arguments.DisplayName.Length == 0
            ? new ZkCommand([enrol], ConsentOf: arguments.PersonNumber)
            : new ZkCommand([.. UserSteps(new ZkUserArguments(arguments.PersonNumber, arguments.DisplayName)), enrol], ConsentOf: arguments.PersonNumber);
    }

    public ZkCommand Delete(string personNumber) => new([
        new ZkCommandStep($"DATA DELETE userauthorize Pin={personNumber}", MayFail: true),
        .. DeleteFace(personNumber).Steps,
        new ZkCommandStep($"DATA DELETE templatev10 Pin={personNumber}", MayFail: true),
        new ZkCommandStep($"DATA DELETE user Pin={personNumber}"),
    ]);

    public ZkCommand DeleteFace(string personNumber) => new([
        new ZkCommandStep($"DATA DELETE biophoto PIN={personNumber}", MayFail: true),
        new ZkCommandStep($"DATA DELETE biodata Type=9\tpin={personNumber}", MayFail: true),
    ]);

    public ZkCommand User(ZkUserArguments arguments) => new(UserSteps(arguments));

    public ZkCommand Photo(string personNumber, byte[] jpeg)
    {
        var content = Convert.ToBase64String(jpeg);
        return new ZkCommand(
            [new ZkCommandStep($"DATA UPDATE biophoto PIN={personNumber}\tType=9\tSize={content.Length}\tContent={content}\tFormat=0\tUrl=\tPostBackTmpFlag=0")], ConsentOf: personNumber);
    }

    public ZkCommand SetTime(ZkCommandContext context) =>
        ZkCommand.Of($"SET OPTIONS DateTime={ZkTime.Pack(context.Clock.LocalAt(context.Now))}") with { SetsClock = true };

    public ZkCommand FetchLogs(FetchLogsArguments arguments, ZkCommandContext context)
    {
        if (arguments.From is null && arguments.To is null)
            return ZkCommand.Of("DATA QUERY tablename=transaction,fielddesc=*,filter=*");
        var from = context.Clock.LocalAt(arguments.From ?? DateTimeOffset.UnixEpoch);
        var to = context.Clock.LocalAt(arguments.To ?? context.Now);
        return ZkCommand.Of(string.Create(CultureInfo.InvariantCulture, $"DATA QUERY tablename=transaction,fielddesc=*,filter=starttime={from:yyyy-MM-dd HH:mm:ss}\tendtime={to:yyyy-MM-dd HH:mm:ss}"));
    }

    // 01: output. Door, 01: lock, seconds.
    public ZkCommand OpenDoor(ZkOpenDoorArguments arguments) => ZkCommand.Of($"CONTROL DEVICE 01{arguments.Door:X2}01{Math.Min(arguments.Seconds, 0xFE):X2}") with { OnlyOnce = true };

    public ZkCommand Reboot() => ZkCommand.Of("CONTROL DEVICE 03000000") with { OnlyOnce = true, IsLast = true };

    public ZkCommand SetOptions(ZkOptionsArguments arguments) => ZkCommand.Of("SET OPTIONS " + string.Join(',', arguments.Values.Select(option => $"{option.Key}={option.Value}")));

    public ZkCommand ReadOptions(ZkReadOptionsArguments arguments) => ZkCommand.Of("GET OPTIONS " + string.Join(',', arguments.Keys)) with { KeepsContent = true };

    public ZkCommand Query(ZkQueryArguments arguments) => (arguments.What, arguments.PersonNumber) switch
    {
        ("people", null) => ZkCommand.Of("DATA QUERY tablename=user,fielddesc=*,filter=*"),
        ("people", var number) => ZkCommand.Of($"DATA QUERY tablename=user,fielddesc=*,filter=Pin={number}"),
        // The type is mandatory under the unified templates.
        ("faces", null) => ZkCommand.Of("DATA QUERY tablename=biophoto,fielddesc=*,filter=Type=9"),
        ("faces", var number) => ZkCommand.Of($"DATA QUERY tablename=biophoto,fielddesc=*,filter=Type=9\tPin={number}"),
        ("count", _) => ZkCommand.Of("DATA COUNT user"),
        _ => ZkCommand.Impossible($"\"{arguments.What}\" cannot be asked for: people, faces or count."),
    };

    public ZkCommand Check() => ZkCommand.Impossible("The security dialect has no CHECK: time-sync sets the clock, zk-upload-log fetches what is new.");

    public ZkCommand UploadLog() => ZkCommand.Of("DATA QUERY tablename=transaction,fielddesc=*,filter=NewRecord");

    public ZkCommand Info() => ZkCommand.Of("GET OPTIONS " + WantedOptions);

    public ZkCommand Clear(ZkClearArguments arguments) => arguments.What switch
    {
        "log" => ZkCommand.Of("DATA DELETE transaction *") with { OnlyOnce = true },
        _ => ZkCommand.Impossible($"\"{arguments.What}\" cannot be cleared in the security dialect: log only. People are deleted one by one."),
    };

    /// <summary>The person, and which doors open: without the second a terminal knows the face and keeps the door shut.</summary>
    private static ZkCommandStep[] UserSteps(ZkUserArguments user)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"DATA UPDATE user CardNo={user.Card}\tPin={user.PersonNumber}\tPassword=\tGroup={user.Group}\tStartTime={user.From:yyyyMMdd}{(user.From is null ? "0" : "")}\tEndTime={user.Until:yyyyMMdd}{(user.Until is null ? "0" : "")}\tName={user.Name}\tPrivilege={user.Privilege}");
        return user.Doors == 0
            ? [new ZkCommandStep(text), new ZkCommandStep($"DATA DELETE userauthorize Pin={user.PersonNumber}", MayFail: true)]
            : [new ZkCommandStep(text), new ZkCommandStep($"DATA UPDATE userauthorize Pin={user.PersonNumber}\tAuthorizeTimezoneId={user.TimeZoneId}\tAuthorizeDoorId={user.Doors}\tDevID=1")];
    }
}
