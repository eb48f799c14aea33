using System.Text;

namespace MediaScore.DeviceStreams.ZkPush.Session;

/// <summary>What a terminal is told when it comes: how often to call, what to send, what time it is. Line feeds between the lines, none behind the last.</summary>
internal static class ZkHandshake
{
    // Both sides use the lower version of the two.
    private const string AttendanceVersion = "2.4.1";
    private const string AccessVersion = "3.1.2";

    // "Go on where you were"; two production sites pin it, and newer firmware looks at nothing but 0.
    private const string GoOn = "9999";

    private const string Times = "00:00;14:05";

    // Of the eleven kinds of biometrics only the ninth: visible faces.
    private const string VisibleFaceOnly = "0:0:0:0:0:0:0:0:0:1:0";

    // What the terminal is asked to say of itself in table=options.
    private const string WantedOptions = "UserCount,TransactionCount,FaceFunOn,FaceVersion,FaceCount,BioPhotoFun,BioDataFun,PhotoFunOn,~LockFunOn,~Platform,MultiBioPhotoSupport,MultiBioDataSupport,Language";

    private static readonly string[] Tables = ["ATTLOG", "OPERLOG", "BIODATA", "IDCARD", "ERRORLOG"];

    // What firmware before 2.4 calls them: without these two it registers again and again, and cannot be told where to go on.
    private static readonly (string Name, string Table)[] OldStamps = [("Stamp", "ATTLOG"), ("OpStamp", "OPERLOG"), ("PhotoStamp", "ATTPHOTO")];

    /// <summary>The option block of the attendance dialect.</summary>
    /// <param name="timeZone">Of the <c>TimeZone</c> line; null leaves the terminal's clock alone.</param>
    public static string Attendance(string serial, ZkTerminalState state, ZkPushOptions options, bool wantsPhotos, int? timeZone)
    {
        var text = new StringBuilder();
        text.Append("GET OPTION FROM: ").Append(serial);
        foreach (var table in Tables)
            text.Append('\n').Append(table).Append("Stamp=").Append(StampOf(table, state, options));
        text.Append("\nATTPHOTOStamp=None");
        foreach (var (name, table) in OldStamps)
            text.Append('\n').Append(name).Append('=').Append(StampOf(table, state, options));
        text.Append("\nErrorDelay=").Append(options.ErrorDelayS).Append("\nDelay=").Append(options.PollDelayS);
        text.Append("\nTransTimes=").Append(Times).Append("\nTransInterval=1\nTransFlag=").Append(TransFlag(wantsPhotos));
        if (timeZone is { } zone)
            text.Append("\nTimeZone=").Append(zone);
        text.Append("\nRealtime=1\nEncrypt=None\nServerVer=").Append(AttendanceVersion).Append("\nPushProtVer=").Append(AttendanceVersion);
        text.Append("\nPushOptionsFlag=1\nPushOptions=").Append(WantedOptions).Append("\nSupportPing=1\nMaxPostSize=1048576");
        text.Append("\nMultiBioDataSupport=").Append(VisibleFaceOnly).Append("\nMultiBioPhotoSupport=").Append(VisibleFaceOnly);
        return text.ToString();
    }

    /// <summary>The answer of the security dialect to a terminal that is approved.</summary>
    public static string Access(ZkTerminalState state, ZkPushOptions options) =>
        $"registry=ok\nRegistryCode={state.RegistryCode}\n{AccessOptions(state, options)}";

    /// <summary>The answer to <c>/iclock/push</c>.</summary>
    public static string AccessConfiguration(ZkTerminalState state, ZkPushOptions options) =>
        $"{AccessOptions(state, options)}\nBioPhotoFun=1\nBioDataFun=1\nMultiBioDataSupport=0:0:0:0:0:0:0:0:0:1\nMultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:1";

    /// <summary>The answer to <c>/iclock/rtdata</c>, without a line end.</summary>
    public static string Time(DateTimeOffset now, TimeSpan offset) => $"DateTime={Wire.ZkTime.Pack(now.UtcDateTime)},ServerTZ={ZkClock.ToText(offset)}";

    // Both names of the version: ZKTeco's own server chooses by the model, which is not known yet.
    private static string AccessOptions(ZkTerminalState state, ZkPushOptions options) =>
        $"ServerVersion={AccessVersion}\nServerName=MediaScore\nPushProtVer={AccessVersion}\nPushVersion={AccessVersion}\nErrorDelay={options.ErrorDelayS}\nRequestDelay={options.PollDelayS}\n"
        + $"TransTimes={Times}\nTransInterval=1\nTransTables=User Transaction\nRealtime=1\nSessionID={state.SessionId}\nTimeoutSec=10";

    private static string StampOf(string table, ZkTerminalState state, ZkPushOptions options)
    {
        if (state.ResendAll && table == "ATTLOG")
            return "0";
        return options.ResumeFromStamps && state.Stamps.TryGetValue(table, out var stamp) && stamp != "0" ? stamp : GoOn;
    }

    /// <summary>
    /// What is sent by itself, a bit each: attendance, operations, photos, fingerprints enrolled, people enrolled, pictures of fingerprints, people changed, fingerprints changed, faces, pictures of
    /// people, work codes, comparison photos. Fingerprints and the maker's templates are not asked for: they have no use here.
    /// </summary>
    private static string TransFlag(bool wantsPhotos) => wantsPhotos ? "111010100001" : "110010100001";
}
