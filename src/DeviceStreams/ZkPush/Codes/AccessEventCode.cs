using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Codes;

/// <summary>What an event code of the security dialect means.</summary>
/// <param name="Text">For people; empty where it says no more than the kind.</param>
internal readonly record struct AccessEventCode(DeviceEventKind Kind, DeviceEventOutcome Outcome, string Text)
{
    /// <summary>Somebody went through, if the event names somebody: the terminal's own events carry the same codes.</summary>
    private static AccessEventCode Passage(string text) => new(DeviceEventKind.Access, DeviceEventOutcome.Granted, text);

    private static AccessEventCode Denied(string text) => new(DeviceEventKind.Access, DeviceEventOutcome.Denied, text);

    private static AccessEventCode Unknown(string text) => new(DeviceEventKind.Access, DeviceEventOutcome.NotRecognised, text);

    private static AccessEventCode Door(string text) => new(DeviceEventKind.Door, DeviceEventOutcome.None, text);

    private static AccessEventCode Alarm(string text) => new(DeviceEventKind.Alarm, DeviceEventOutcome.None, text);

    private static AccessEventCode Device(string text) => new(DeviceEventKind.Device, DeviceEventOutcome.None, text);

    /// <summary>Of any number. One that is not known is never a passage: it is kept as "not assessed", and a person may look at it.</summary>
    public static AccessEventCode Of(int code) => code switch
    {
        // 3 is "several users" in the manual and a plain face on two terminals that were looked at.
        0 or 3 or 14 or 15 or 17 or 203 => Passage(""),
        1 or 5 or 16 => Passage("while the door stood open on purpose"),
        2 or 18 or 19 => Passage("first user opens"),
        207 => Passage("by password"),
        208 => Passage("super user"),
        218 => Passage("identity card"),
        222 => Passage("remote identification"),
        232 => Passage("passed"),

        4 => Door("emergency password"),
        6 => Device("linkage"),
        7 => Alarm("alarm cancelled"),
        8 => Door("opened remotely"),
        9 => Door("closed remotely"),
        10 => Door("normally open: off"),
        11 => Door("normally open: on"),
        12 => Device("auxiliary output on"),
        13 => Device("auxiliary output off"),

        20 or 31 or 50 => Denied("too soon after the last time"),
        21 or 35 or 49 => Denied("outside the door's hours"),
        22 => Denied("not at this time"),
        23 => Denied("no right for this door"),
        24 => Denied("anti-passback"),
        25 => Denied("interlock"),
        26 or 32 or 51 => Denied("waits for more people"),
        27 or 30 or 34 => Unknown("not registered"),
        28 => Alarm("door open too long"),
        29 or 33 or 53 => Denied("expired"),
        36 => Door("exit button outside its hours"),
        37 => Door("cannot close while normally open"),
        38 => Denied("lost card"),
        39 => Denied("on the black list"),
        40 or 48 or 52 => Denied("several people needed, and not all verified"),
        41 => Denied("wrong way of verification"),
        42 => Denied("card format"),
        43 => Denied("anti-passback timed out"),
        44 => Denied("remote identification failed"),
        45 => new AccessEventCode(DeviceEventKind.Access, DeviceEventOutcome.TimedOut, "remote identification timed out"),
        47 => Device("a command failed"),
        >= 54 and <= 66 => Device("lock, battery, gate or elevator"),
        68 => Denied("temperature too high"),
        69 => Denied("no mask"),
        73 or 74 => Denied("QR code"),
        75 => new AccessEventCode(DeviceEventKind.Access, DeviceEventOutcome.TimedOut, "combined verification timed out"),
        70 or 71 or 72 or (>= 76 and <= 80) => Device("face server or call"),
        >= 20 and <= 99 => Denied("denied"),

        100 => Alarm("tampered with"),
        101 or 103 => Alarm("duress"),
        102 => Alarm("forced open"),
        104 => Alarm("invalid card again and again"),
        105 => Alarm("cannot reach the server"),
        106 => Alarm("battery low"),
        107 => Alarm("mains failed"),
        109 => Alarm("reader removed"),
        110 => Alarm("reader offline"),
        >= 100 and <= 199 => Alarm("alarm"),

        200 => Door("opened"),
        201 => Door("closed"),
        202 => Door("exit button"),
        204 or 205 => Door("normally open"),
        206 => Device("started"),
        209 or (>= 210 and <= 213) or (>= 215 and <= 217) => Door("exit lock or fire"),
        214 => Device("connected"),
        219 or 220 or 221 or (>= 225 and <= 228) => Device("auxiliary input or output"),
        223 or (>= 235 and <= 237) => Device("reader"),
        224 => Door("bell"),
        233 => Door("locked remotely"),
        234 => Door("unlocked remotely"),
        >= 239 and <= 242 => Device("call or picture"),
        >= 243 and <= 248 => Device("line restored"),
        >= 249 and <= 253 => Device("elevator"),
        254 or 255 => Device(""),
        >= 5_000 and <= 5_999 => Alarm("abnormal"),
        >= 6_000 and <= 6_999 => Alarm("warning"),
        _ => new AccessEventCode(DeviceEventKind.Device, DeviceEventOutcome.NotAssessed, "unknown event code"),
    };
}
