using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediaScore.DeviceStreams.Isapi.Wire;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>Everything of a simulated device that is asked for and answered at once: itself, its log, its listeners, its people, its door.</summary>
internal sealed partial class SimulatedSettings(IsapiDevice device)
{
    private const string Json = "application/json";
    private const string Xml = "application/xml";

    private readonly Lock _gate = new();
    private string _remoteCheck = """{"AcsCfg":{"uploadCapPic":true,"saveCapPic":true,"remoteCheckDoorEnabled":false,"checkChannelType":"ISAPI","channelIp":"","needDeviceCheck":false,"remoteCheckTimeout":5,"remoteCheckVerifyMode":6,"offlineDevCheckOpenDoorEnabled":false,"remoteCheckWithISAPIListen":"async"}}""";
    private string _timeMode = "manual";
    private string _searchId = "";

    /// <summary>Doors opened by order.</summary>
    public int OpenedCount { get; private set; }

    /// <summary>What its clock was set to last.</summary>
    public string TimeSet { get; private set; } = "";

    public void UseTimeServer() => _timeMode = "NTP";

    public bool Asks => RemoteCheckMember("remoteCheckDoorEnabled") == "true";

    public bool AsksByPost => string.Equals(RemoteCheckMember("checkChannelType"), "ISAPIListen", StringComparison.Ordinal);

    public TimeSpan RemoteCheckTimeout => TimeSpan.FromSeconds(double.Parse(RemoteCheckMember("remoteCheckTimeout"), CultureInfo.InvariantCulture));

    /// <summary>Switches remote decisions on, as an operator at its web page.</summary>
    public void SetRemoteCheck(bool isEnabled, string channel, double timeoutS = 5)
    {
        lock (_gate)
        {
            var settings = JsonNode.Parse(_remoteCheck)!.AsObject();
            var members = settings["AcsCfg"]!.AsObject();
            (members["remoteCheckDoorEnabled"], members["checkChannelType"], members["remoteCheckTimeout"], members["remoteCheckWithISAPIListen"]) = (isEnabled, channel, timeoutS, "sync");
            _remoteCheck = settings.ToJsonString();
        }
    }

    public SimulatedResponse Answer(SimulatedRequest request)
    {
        lock (_gate)
        {
            return (request.Method, request.Path) switch
            {
                ("GET", "/ISAPI/System/deviceInfo") => new SimulatedResponse(200, Xml, SimulatedWords.Xml(
                    "DeviceInfo", ("deviceName", "SIMULATED GATE"), ("deviceID", "255"), ("model", "SIM-K1T342"), ("serialNumber", device.Serial), ("macAddress", "02:00:00:10:20:30"),
                    ("firmwareVersion", "V4.48.40"), ("firmwareReleasedDate", "build 260101"), ("deviceType", "ACS"), ("subDeviceType", "accessControlTerminal"))),
                ("GET", "/ISAPI/System/activateStatus") => new SimulatedResponse(200, Xml, SimulatedWords.Xml("ActivateStatus", ("activated", "true"))),
                ("GET", "/ISAPI/System/time") => new SimulatedResponse(200, Xml, SimulatedWords.Xml("Time", ("timeMode", _timeMode), ("localTime", device.Clock()), ("timeZone", "CST-0:00:00"))),
                ("PUT", "/ISAPI/System/time") => SetTime(request),
                ("PUT", "/ISAPI/System/reboot") => Ok(request),
                ("GET", "/ISAPI/AccessControl/capabilities") => new SimulatedResponse(200, Xml, SimulatedWords.Xml(
                    "AccessControl", ("isSupportRemoteCheck", "true"), ("isSupportAcsCfg", "true"), ("isSupportUserInfoDetailDelete", device.Plan.HasDetailDelete ? "true" : "false"))),
                ("GET", "/ISAPI/AccessControl/AcsEvent/capabilities") => LogAbilities(),
                ("POST", "/ISAPI/AccessControl/AcsEvent") => LogPage(request),
                ("POST", "/ISAPI/AccessControl/AcsEventTotalNum") => new SimulatedResponse(200, Json, $"{{\"AcsEventTotalNum\":{{\"totalNum\":{device.Log.Logged.Count}}}}}"),
                ("GET", "/ISAPI/AccessControl/AcsCfg") => new SimulatedResponse(200, Json, _remoteCheck),
                ("PUT", "/ISAPI/AccessControl/AcsCfg") => SetRemoteCheck(request),
                ("PUT", "/ISAPI/AccessControl/remoteCheck") => Decide(request),
                ("PUT", "/ISAPI/AccessControl/RemoteControl/door/1") => OpenDoor(request),
                ("GET", "/ISAPI/AccessControl/AcsWorkStatus") => new SimulatedResponse(200, Json, """{"AcsWorkStatus":{"doorLockStatus":[0],"doorStatus":[4],"magneticStatus":[0],"netStatus":"connect"}}"""),
                ("GET", "/ISAPI/VideoIntercom/callStatus") => new SimulatedResponse(200, Json, """{"CallStatus":{"status":"idle"}}"""),
                (_, var path) when path.StartsWith("/ISAPI/Event/notification/httpHosts", StringComparison.Ordinal) => AnswerSlots(request),
                (_, var path) when path.StartsWith("/ISAPI/AccessControl/UserInfo", StringComparison.Ordinal) || path.StartsWith("/ISAPI/Intelligent/FDLib", StringComparison.Ordinal)
                    || path.StartsWith("/ISAPI/AccessControl/CardInfo", StringComparison.Ordinal) => AnswerPeople(request),
                // As firmware says it: an error that is none of HTTP's.
                _ => new SimulatedResponse(403, Json, SimulatedWords.StatusJson(request.Path, 4, "Invalid Operation", "notSupport", 1_073_741_825, "notSupport")),
            };
        }
    }

    private static SimulatedResponse Object(string root, object content) => new(200, Json, JsonSerializer.Serialize(new Dictionary<string, object> { [root] = content }));

    private static SimulatedResponse Ok(SimulatedRequest request) => new(200, Json, SimulatedWords.StatusJson(request.Path, 1, "OK", "ok", 1, "ok"));

    private static SimulatedResponse Wrong(SimulatedRequest request, string sub, string message = "", int status = 400) =>
        new(status, Json, SimulatedWords.StatusJson(request.Path, 6, "Invalid Content", sub, 0x60000001, message));

    private static IsapiNode? Read(SimulatedRequest request) => IsapiBody.TryRead(request.Body, out _);

    private string RemoteCheckMember(string name)
    {
        lock (_gate)
            return IsapiBody.TryRead(Encoding.UTF8.GetBytes(_remoteCheck), out _)!["AcsCfg"]!.TextOf(name);
    }

    private SimulatedResponse SetTime(SimulatedRequest request)
    {
        if (Read(request)?["Time"]?.TextOf("localTime") is not { Length: > 0 } text)
            return Wrong(request, "badXmlContent");
        TimeSet = text;
        return Ok(request);
    }

    private SimulatedResponse SetRemoteCheck(SimulatedRequest request)
    {
        if (Read(request)?["AcsCfg"] is null)
            return Wrong(request, "badJsonContent");
        _remoteCheck = request.Text;
        return Ok(request);
    }

    private SimulatedResponse Decide(SimulatedRequest request)
    {
        var decision = Read(request)?["RemoteCheck"];
        return decision?.NumberOf("serialNo") is { } serial && device.TryAnswer(serial, decision.TextOf("checkResult") == "success")
            ? Ok(request)
            // Too late, or for nobody: with HTTP's 200, as seen.
            : new SimulatedResponse(200, Json, SimulatedWords.StatusJson(request.Path, 4, "Invalid Operation", "invalidOperation", 0x40000006, ""));
    }

    private SimulatedResponse OpenDoor(SimulatedRequest request)
    {
        var order = Read(request)?["RemoteControlDoor"];
        if (order?.TextOf("cmd") != "open")
            return Wrong(request, "badXmlContent", "cmd");
        // Without version and namespace it says OK, and nothing moves.
        if (order.NamespaceName.Length > 0 && order.TextOf("@version") == "2.0")
        {
            OpenedCount++;
            device.Happen(3, 1024);
            device.Happen(5, 21, door: 1);
        }

        return Ok(request);
    }

    private SimulatedResponse LogAbilities()
    {
        if (!device.Plan.HasLog)
            return new SimulatedResponse(403, Json, SimulatedWords.StatusJson("", 4, "Invalid Operation", "notSupport", 1_073_741_825, "notSupport"));
        var condition = new Dictionary<string, object>
        {
            ["searchID"] = Range(1, 64),
            ["maxResults"] = Range(1, device.Plan.PageSize),
            ["picEnable"] = "true,false",
        };
        if (device.Plan.HasLogSerials)
            (condition["beginSerialNo"], condition["endSerialNo"]) = (Range(1, 3_000_000_000), Range(1, 3_000_000_000));
        return Object("AcsEvent", new Dictionary<string, object> { ["AcsEventCond"] = condition });

        static Dictionary<string, long> Range(long least, long most) => new() { ["@min"] = least, ["@max"] = most };
    }

    private SimulatedResponse LogPage(SimulatedRequest request)
    {
        if (!device.Plan.HasLog)
            return new SimulatedResponse(403, Json, SimulatedWords.StatusJson(request.Path, 4, "Invalid Operation", "notSupport", 1_073_741_825, "notSupport"));
        if (Read(request)?["AcsEventCond"] is not { } condition)
            return Wrong(request, "badJsonContent");
        var (position, most) = ((int)(condition.NumberOf("searchResultPosition") ?? 0), (int)(condition.NumberOf("maxResults") ?? 0));
        var (first, last) = (condition.NumberOf("beginSerialNo"), condition.NumberOf("endSerialNo"));
        if (most < 1 || most > device.Plan.PageSize || condition.TextOf("searchID") is not { Length: >= 1 and <= 64 } searchId)
            return Wrong(request, "badParameters", "maxResults");
        if (first is not null && (last is null || !device.Plan.HasLogSerials))
            return Wrong(request, "badParameters", "endSerialNo");
        if (!DeviceTime.TryParse(condition.TextOf("startTime"), TimeZoneInfo.Utc, out var from) || !DeviceTime.TryParse(condition.TextOf("endTime"), TimeZoneInfo.Utc, out var to))
            return Wrong(request, "badParameters", "startTime");
        // A search is one walk: its id cannot begin another.
        if (position == 0 && searchId == _searchId)
            return Object("AcsEvent", new Dictionary<string, object> { ["searchID"] = searchId, ["totalMatches"] = 0, ["responseStatusStrg"] = "NO MATCH", ["numOfMatches"] = 0 });
        _searchId = searchId;
        var matches = device.Log.Logged.Where(happened => (first is null || (happened.Serial >= first && happened.Serial <= last)) && IsWithin(happened.Time)).ToList();
        var page = matches.Skip(position).Take(most).Select(SimulatedWords.LogItem).ToList();
        var status = page.Count == 0 ? "NO MATCH" : position + page.Count < matches.Count ? "MORE" : "OK";
        var answer = new Dictionary<string, object> { ["searchID"] = searchId, ["totalMatches"] = matches.Count, ["responseStatusStrg"] = status, ["numOfMatches"] = page.Count };
        // A list of one is no list.
        if (page.Count > 0)
            answer["InfoList"] = page.Count == 1 ? page[0] : page;
        return Object("AcsEvent", answer);

        bool IsWithin(string time) => DeviceTime.TryParse(time, TimeZoneInfo.Utc, out var at) && at.Time >= from.Time && at.Time <= to.Time;
    }
}
