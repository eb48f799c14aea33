namespace MediaScore.DeviceStreams.ZkPush.Codes;

/// <summary>What terminals return for a command. The two dialects count differently, and the sources give some numbers other words: the number is always shown with them.</summary>
internal static class ReturnCodes
{
    /// <summary>The security dialect's "received, the answer comes later"; the manual shows it once without its sign.</summary>
    /// <param name="mayBeCount">Without a sign it may as well be a number of records.</param>
    public static bool IsPending(int code, bool mayBeCount) => code == -5000 || (code == 5000 && !mayBeCount);

    /// <summary>For a person: the number and what it means.</summary>
    public static string Describe(int code, ZkDialect dialect)
    {
        var words = dialect == ZkDialect.Access ? OfAccess(code) : OfAttendance(code);
        return words.Length > 0 ? $"{code}: {words}" : code.ToString();
    }

    private static string OfAttendance(int code) => code switch
    {
        0 => "done",
        2 => "exists already",
        4 => "enrolment failed",
        5 => "enrolled already, or timed out",
        6 => "cancelled at the terminal",
        7 => "busy",
        -1 => "wrong parameter, not supported, or no data",
        -2 => "picture does not have the size that was said, or file fault",
        -3 => "cannot read or write",
        -9 => "template does not have the size that was said",
        -10 => "no such person",
        -11 => "template format",
        -12 => "invalid template",
        -30 => "template version",
        -1001 => "full",
        -1002 => "not supported, or syntax",
        -1003 => "timed out",
        -1004 => "does not fit the terminal's configuration, or no such table",
        -1005 => "busy",
        -1006 => "too long",
        -1007 => "out of memory",
        -1008 => "could not fetch from the server",
        _ => "",
    };

    private static string OfAccess(int code) => code switch
    {
        >= 0 => "done",
        -1 => "could not send",
        -2 => "no response",
        -3 => "buffer too small",
        -4 => "could not decompress",
        -5 or -6 => "wrong length",
        -7 => "repeated",
        -8 => "not authorised",
        -9 => "checksum",
        -10 => "data not understood, or no such person",
        -11 => "wrong parameter",
        -12 => "could not execute",
        -13 => "no such command",
        -14 => "communication password",
        -15 => "cannot write",
        -16 => "cannot read",
        -17 => "no such file",
        -18 => "no space",
        -27 => "no such person for this fingerprint",
        -28 => "the door stands open on purpose already",
        -100 => "no such table",
        -101 => "no such field in the condition",
        -102 => "wrong number of fields",
        -103 => "wrong order of fields",
        -105 => "data not understood",
        -106 => "more than 4 MB",
        -107 => "table structure",
        -108 => "wrong options",
        -612 => "cannot save the parameter",
        -620 => "format of the server's answer",
        -621 => "no such field in the table",
        -629 => "wrong table name: a command of the other dialect",
        -631 => "length of base64",
        -708 => "not supported",
        -725 => "timed out",
        -726 => "HTTP fault from the server",
        -730 => "no answer of the server",
        -801 => "format of the command",
        _ => "",
    };
}
