using System.Globalization;
using System.Text;

namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>The attendance dialect, as a face terminal of the SenseFace kind speaks it.</summary>
internal sealed class AttendanceVoice(ZkTerminalMemory memory, Action<string> fault) : ZkVoice(memory, fault)
{
    private string _stamp = "9999";
    private string _operationStamp = "9999";
    private bool _saysInfo = true;

    public override void Restart()
    {
        base.Restart();
        _saysInfo = true;
    }

    // Handshake, options, people, then life.
    protected override int SetUpSteps => 3;

    protected override ZkExchange SetUp(int step) => step switch
    {
        0 => new ZkExchange($"/iclock/cdata?SN={Serial}&options=all&language=69&pushver=2.4.1&DeviceType=att&PushOptionsFlag=1", null, TakeOptions),
        1 => new ZkExchange(
            $"/iclock/cdata?SN={Serial}&table=options",
            Encoding.UTF8.GetBytes($"~DeviceName=Simulated terminal,MAC=02:00:00:00:00:01,TransactionCount={Memory.Log.Count},UserCount={Memory.People.Count},FaceFunOn=1,FWVersion={Firmware},~OEMVendor=ACME CO., LTD.,Language=69,PushVersion=Ver 3.1.2S-20260101"),
            reply => Is(reply, "OK") && Step()),
        _ => new ZkExchange(
            $"/iclock/cdata?SN={Serial}&table=OPERLOG&OpStamp={_operationStamp}",
            Encoding.UTF8.GetBytes(string.Join('\n', Memory.People.Select(UserLine).Prepend($"OPLOG 0\t0\t{ZkTerminalMemory.Text(Memory.LocalNow())}\t0\t0\t0\t0"))),
            reply => Is(reply, $"OK: {Memory.People.Count + 1}") && Step())
        { IsUpload = true },
    };

    protected override ZkExchange SendLog()
    {
        var entries = Unsent();
        var body = string.Concat(entries.Select(entry => $"{entry.PersonNumber}\t{ZkTerminalMemory.Text(entry.At)}\t255\t15\t0\t0\t0\t0\t0\t0\t\n"));
        return new ZkExchange($"/iclock/cdata?SN={Serial}&table=ATTLOG&Stamp={_stamp}", Encoding.UTF8.GetBytes(body), reply => Is(reply, $"OK: {entries.Count}") && Sent(entries)) { IsUpload = true };
    }

    protected override ZkExchange Poll()
    {
        var info = _saysInfo ? $"&INFO={Uri.EscapeDataString($"{Firmware},{Memory.People.Count},0,{Memory.Log.Count},192.0.2.16,10,7,15,{Memory.Faces.Count},11111")}" : "";
        return new ZkExchange($"/iclock/getrequest?SN={Serial}{info}", null, reply =>
        {
            _saysInfo = false;
            return TakeCommands(reply);
        })
        { IsPoll = true };
    }

    protected override void Execute(string id, string command)
    {
        var words = command.Split(' ', 4);
        switch (words[0])
        {
            case "DATA" when words.Length >= 3:
                Result(id, Data(words[1], words[2], words.Length > 3 ? FieldsOf(words[3]) : []), "DATA");
                break;
            case "CHECK":
                Result(id, 0, "CHECK");
                Restart();
                break;
            case "LOG":
                Result(id, 0, "LOG");
                break;
            case "INFO":
                Result(id, 0, $"INFO\n~DeviceName=Simulated terminal\nMAC=02:00:00:00:00:01\nFWVersion={Firmware}\nUserCount={Memory.People.Count}");
                break;
            case "REBOOT":
                Result(id, 0, "REBOOT");
                Restart();
                break;
            case "AC_UNLOCK":
                Memory.DoorsOpened++;
                Result(id, 0, "AC_UNLOCK");
                break;
            case "SET" or "GET" when words.Length >= 3 && words[1] == "OPTION":
                Result(id, 0, words[0] + " OPTION");
                break;
            case "CLEAR":
                Memory.ClearLog();
                Result(id, 0, "CLEAR_LOG");
                break;
            case "ENROLL_BIO":
                Result(id, Enrol(FieldsOf(command["ENROLL_BIO ".Length..]), nobody: 6), "ENROLL_BIO");
                break;
            default:
                Result(id, -1002, words[0]);
                break;
        }
    }

    private static string UserLine(KeyValuePair<string, string> person) =>
        $"USER PIN={person.Key}\tName={person.Value}\tPri=0\tPasswd=\tCard=\tGrp=1\tTZ=0001000000000000\tVerify=-1\tViceCard=";

    private bool TakeOptions(string reply)
    {
        if (!Starts(reply, $"GET OPTION FROM: {Serial}\n"))
            return false;
        var options = OptionsOf(reply);
        // Firmware that asked for options shakes hands for ever without this one.
        if (!options.ContainsKey("PushProtVer"))
            return false;
        TakeDelays(options, "Delay");
        if (options.TryGetValue("TimeZone", out var zone) && int.TryParse(zone, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            Memory.Offset = value is > -12 and < 12 ? TimeSpan.FromHours(value) : TimeSpan.FromMinutes(value);
            Memory.Drift = TimeSpan.Zero;
        }

        _stamp = options.GetValueOrDefault("ATTLOGStamp", "0");
        _operationStamp = options.GetValueOrDefault("OPERLOGStamp", "0");
        // Zero, and only zero: everything once more.
        if (_stamp == "0")
            Memory.SentCount = 0;
        return Step();
    }

    private int Data(string verb, string table, Dictionary<string, string> fields)
    {
        var pin = fields.GetValueOrDefault("PIN", "");
        switch ((verb, table))
        {
            case ("UPDATE", "USERINFO"):
                Memory.People[pin] = fields.GetValueOrDefault("Name", "");
                return 0;
            case ("DELETE", "USERINFO"):
                Memory.Faces.Remove(pin);
                return Memory.People.Remove(pin) ? 0 : -10;
            case ("UPDATE", "BIOPHOTO"):
                return TakeFace(fields, wrongSize: -2);
            case ("DELETE", "BIOPHOTO" or "BIODATA"):
                return Memory.Faces.Remove(pin) ? 0 : -10;
            case ("QUERY", "USERINFO"):
                var people = Memory.People.Where(person => pin.Length == 0 || person.Key == pin).ToList();
                if (people.Count > 0)
                    Say($"/iclock/cdata?SN={Serial}&table=OPERLOG&OpStamp={_operationStamp}", string.Join('\n', people.Select(UserLine)), reply => Is(reply, $"OK: {people.Count}"));
                return people.Count > 0 ? 0 : -1;
            case ("QUERY", "BIODATA"):
                foreach (var (number, content) in Memory.Faces.Where(face => pin.Length == 0 || face.Key == pin).ToList())
                    SendFace(number, content);
                return 0;
            case ("QUERY", "ATTLOG"):
                Memory.SentCount = 0;
                return 0;
            default:
                return -1004;
        }
    }

    protected override void SendFace(string number, string content) => Say(
        $"/iclock/cdata?SN={Serial}&table=OPERLOG&OpStamp={_operationStamp}",
        $"BIOPHOTO PIN={number}\tFileName={number}.jpg\tType=9\tNo=0\tIndex=0\tSize={content.Length}\tContent={content}\n",
        reply => Is(reply, "OK: 1"));

    protected override void SendPhoto(ZkTerminalMemory.Entry entry)
    {
        var header = Encoding.ASCII.GetBytes($"PIN={ZkTerminalMemory.PhotoName(entry)}\nSN={Serial}\nsize={entry.Jpeg!.Length}\nCMD=uploadphoto\0");
        SayBytes($"/iclock/cdata?SN={Serial}&table=ATTPHOTO&Stamp={_stamp}", [.. header, .. entry.Jpeg], reply => Is(reply, "OK"));
    }
}
