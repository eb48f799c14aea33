using System.ComponentModel.DataAnnotations;

namespace MediaScore.DeviceStreams.ZkPush;

/// <summary>ZKTeco terminals (PUSH, both dialects). Section <c>Devices:ZkPush</c>.</summary>
public sealed class ZkPushOptions
{
    public const string Section = "Devices:ZkPush";

    /// <summary>A terminal asks for commands every so many seconds. Default 10.</summary>
    // What most servers in the field use; a command (open the door) waits half of it on average, and 100 terminals make 10 requests a second.
    [Range(2, 60)] public int PollDelayS { get; set; } = 10;

    /// <summary>After a failed request a terminal waits so many seconds. Default 30.</summary>
    // The least that the maker allows: it holds its events meanwhile.
    [Range(30, 300)] public int ErrorDelayS { get; set; } = 30;

    /// <summary>Set terminals' clocks to the server's time in their zone. Default true. A wrong zone moves clocks by hours: check <c>Devices:TimeZone</c> and each device's own first.</summary>
    public bool SetClock { get; set; } = true;

    /// <summary>Longest body, in bytes. Default 16,777,216.</summary>
    // Terminals are asked to send 1 MiB at most and not all obey; a body that is refused comes again for ever.
    [Range(1, 67_108_864)] public int MaxBodyBytes { get; set; } = 16 << 20;

    /// <summary>Terminals of which the process remembers something at once. Default 1000.</summary>
    [Range(1, 10_000)] public int MaxTerminals { get; set; } = 1_000;

    /// <summary>Requests a minute of one terminal. Default 1200. More are answered 429, and come again.</summary>
    // A full log of 200,000 records in bodies of 100 lines while polling every two seconds stays below.
    [Range(10, 60_000)] public int RequestsPerMinute { get; set; } = 1_200;

    /// <summary>Requests a minute of all terminals together that are not approved. Default 600.</summary>
    // A hundred that wait and call twice a minute, and some air.
    [Range(10, 60_000)] public int StrangerRequestsPerMinute { get; set; } = 600;

    /// <summary>Commands handed out at one poll. Default 8.</summary>
    // Twelve pictures fit into one delivery: of more, a restart behind them would be left out, and count as told.
    [Range(1, 12)] public int CommandsAtOnce { get; set; } = 8;

    /// <summary>Answer a handshake with the last stamp that the terminal said itself, instead of "go on". Default false. For firmware older than 2.4.</summary>
    public bool ResumeFromStamps { get; set; }

    /// <summary>Answer a terminal's parameters (<c>querydata?type=options</c>) with <c>options=1</c> instead of <c>OK</c>. Default false. For a terminal that sends them again and again.</summary>
    public bool CountOptionAnswers { get; set; }

    /// <summary>Serials of terminals that write names in GBK although their menu is not Chinese. Default none: UTF-8 where it is valid, else GBK.</summary>
    public IList<string> GbkTerminals { get; set; } = [];
}
