namespace MediaScore.DeviceStreams.ZkPush.Tables;

/// <summary>Names of tables and of kinds of lines. The dialects share none, but for their case.</summary>
internal static class ZkTableNames
{
    private static readonly Dictionary<string, ZkTable> Tables = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ATTLOG"] = ZkTable.Attendance,
        ["OPERLOG"] = ZkTable.Operation,
        ["USER"] = ZkTable.User,
        ["USERINFO"] = ZkTable.User,
        ["BIODATA"] = ZkTable.Template,
        ["FP"] = ZkTable.Template,
        ["FINGERTMP"] = ZkTable.Template,
        ["FACE"] = ZkTable.Template,
        ["FVEIN"] = ZkTable.Template,
        ["templatev10"] = ZkTable.Template,
        ["BIOPHOTO"] = ZkTable.FacePicture,
        ["USERPIC"] = ZkTable.Portrait,
        ["IDCARD"] = ZkTable.IdentityCard,
        ["identitycard"] = ZkTable.IdentityCard,
        ["ERRORLOG"] = ZkTable.Error,
        ["rtlog"] = ZkTable.AccessEvent,
        ["transaction"] = ZkTable.AccessEvent,
        ["rtstate"] = ZkTable.DoorState,
        ["ATTPHOTO"] = ZkTable.EventPhoto,
        ["PHOTO"] = ZkTable.EventPhoto,
        ["extuser"] = ZkTable.Ignored,
        ["mulcarduser"] = ZkTable.Ignored,
        ["userauthorize"] = ZkTable.Ignored,
        ["DeviceAuthorize"] = ZkTable.Ignored,
        ["APList"] = ZkTable.Ignored,
        ["facev7"] = ZkTable.Ignored,
        ["irstate"] = ZkTable.Ignored,
        ["testdata"] = ZkTable.Ignored,
        ["timezone"] = ZkTable.Ignored,
        ["holiday"] = ZkTable.Ignored,
    };

    public static ZkTable Of(string name) => Tables.GetValueOrDefault(name);

    /// <summary>These are the attendance dialect's own.</summary>
    public static bool IsOfAttendance(string name) => name.ToUpperInvariant() is "ATTLOG" or "OPERLOG" or "USERINFO";

    /// <summary>These are the security dialect's own.</summary>
    public static bool IsOfAccess(string name) => name.ToUpperInvariant() is "RTLOG" or "RTSTATE" or "TABLEDATA" or "IRSTATE";
}
