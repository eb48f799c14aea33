using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.ZkPush.Codes;

/// <summary>What an <c>OPLOG</c> type of the attendance dialect means.</summary>
internal readonly record struct OperationCode(DeviceEventKind Kind, DeviceEventOutcome Outcome, string Text)
{
    private static readonly Dictionary<int, string> Texts = new()
    {
        [0] = "started",
        [1] = "switched off",
        [2] = "verification failed",
        [3] = "alarm",
        [4] = "menu opened",
        [5] = "setting changed",
        [6] = "fingerprint enrolled",
        [7] = "password enrolled",
        [8] = "card enrolled",
        [9] = "person deleted",
        [10] = "fingerprint deleted",
        [11] = "password deleted",
        [12] = "card deleted",
        [13] = "data cleared",
        [20] = "card copied",
        [21] = "clock set",
        [22] = "factory settings",
        [23] = "records deleted",
        [24] = "administrators deleted",
        [25] = "access of a group changed",
        [26] = "access of a person changed",
        [27] = "access periods changed",
        [28] = "unlock combination changed",
        [29] = "unlocked",
        [30] = "person added",
        [31] = "fingerprint changed",
        [32] = "duress alarm",
        [33] = "bell",
        [34] = "anti-passback",
        [35] = "photos deleted",
        [36] = "person changed",
        [37] = "holiday changed",
        [38] = "restored",
        [39] = "backed up",
        [53] = "exit button",
        [54] = "door sensor",
        [55] = "alarm",
        [56] = "settings restored",
        [68] = "photo of a person added",
        [69] = "photo of a person changed",
        [70] = "name changed",
        [71] = "role changed",
        [76] = "address changed",
        [77] = "network mask changed",
        [78] = "gateway changed",
        [79] = "name server changed",
        [80] = "communication password changed",
        [81] = "device number changed",
        [82] = "server address changed",
        [83] = "server port changed",
        [87] = "record settings changed",
        [100] = "card",
        [101] = "face enrolled",
        [105] = "access records deleted",
        [106] = "face deleted",
        [107] = "photo deleted",
        [108] = "parameter changed",
        [113] = "password changed",
        [114] = "face changed",
    };

    // Of an alarm: the object is the reason.
    private static readonly Dictionary<int, string> Reasons = new()
    {
        [50] = "door closed",
        [51] = "door opened",
        [53] = "exit button",
        [54] = "broken in",
        [55] = "tampered with",
        [58] = "invalid verification",
        [65535] = "alarm cancelled",
    };

    public static OperationCode Of(int type, int? reason) => type switch
    {
        2 => new OperationCode(DeviceEventKind.Access, DeviceEventOutcome.NotRecognised, Texts[2]),
        3 when reason is 50 or 51 or 53 => new OperationCode(DeviceEventKind.Door, DeviceEventOutcome.None, Reasons[reason.Value]),
        3 => new OperationCode(DeviceEventKind.Alarm, DeviceEventOutcome.None, reason is { } known && Reasons.TryGetValue(known, out var text) ? text : Texts[3]),
        32 or 34 or 55 => new OperationCode(DeviceEventKind.Alarm, DeviceEventOutcome.None, Texts[type]),
        29 or 33 or 53 or 54 => new OperationCode(DeviceEventKind.Door, DeviceEventOutcome.None, Texts[type]),
        _ => new OperationCode(DeviceEventKind.Device, DeviceEventOutcome.None, Texts.GetValueOrDefault(type, "")),
    };

    /// <summary>The object is a person's number.</summary>
    public static bool IsAboutPerson(int type) => type is 2 or (>= 6 and <= 12) or 26 or 30 or 31 or 32 or 36 or (>= 68 and <= 71) or 101 or 106 or 107 or 113 or 114;
}
