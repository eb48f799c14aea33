using System.Globalization;
using System.Text;
using MediaScore.DeviceStreams.ZkPush.Wire;

namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>The security dialect, as a face terminal of the SpeedFace kind speaks it.</summary>
internal sealed class AccessVoice(ZkTerminalMemory memory, Action<string> fault) : ZkVoice(memory, fault)
{
    private int _statesSaid;

    // Handshake, registry, configuration, options, people, then life.
    protected override int SetUpSteps => 5;

    protected override ZkExchange SetUp(int step) => step switch
    {
        0 => new ZkExchange($"/iclock/cdata?SN={Serial}&pushver=3.1.2&options=all&DeviceType=acc&PushOptionsFlag=1&language=69", null, TakeOptions),
        1 => new ZkExchange($"/iclock/registry?SN={Serial}", Encoding.UTF8.GetBytes(Registration()), TakeRegistryCode),
        2 => new ZkExchange($"/iclock/push?SN={Serial}", [], TakeConfiguration),
        3 => new ZkExchange(
            $"/iclock/cdata?SN={Serial}&table=options", Encoding.UTF8.GetBytes($"UserCount={Memory.People.Count},FaceCount={Memory.Faces.Count},FWVersion={Firmware},Language=69"), reply => Is(reply, "OK") && Step()),
        _ => new ZkExchange(
            $"/iclock/cdata?SN={Serial}&table=tabledata&tablename=user&count={Memory.People.Count}",
            Encoding.UTF8.GetBytes(Users(Memory.People) + "\r\n\0"),
            reply => Is(reply, $"user={Memory.People.Count}") && Step())
        { IsUpload = true },
    };

    protected override ZkExchange SendLog()
    {
        var entries = Unsent();
        return new ZkExchange($"/iclock/cdata?SN={Serial}&table=rtlog", Encoding.UTF8.GetBytes(string.Join("\r\n", entries.Select(EventLine)) + "\r\n\0"), reply =>
        {
            if (!Is(reply, "OK") || !Sent(entries))
                return false;
            // A door that was opened closes again.
            SendState(entries.Count);
            return true;
        })
        { IsUpload = true };
    }

    protected override ZkExchange Poll() => new($"/iclock/getrequest?SN={Serial}", null, TakeCommands) { IsPoll = true };

    protected override void Execute(string id, string command)
    {
        if (command.StartsWith("DATA QUERY ", StringComparison.Ordinal))
            Query(id, command["DATA QUERY ".Length..]);
        else if (command.StartsWith("DATA COUNT ", StringComparison.Ordinal))
            Count(id);
        else if (command.StartsWith("DATA UPDATE ", StringComparison.Ordinal))
            Result(id, Update(command["DATA UPDATE ".Length..]), "DATA UPDATE");
        else if (command.StartsWith("DATA DELETE ", StringComparison.Ordinal))
            Result(id, Delete(command["DATA DELETE ".Length..]), "DATA DELETE");
        else if (command.StartsWith("SET OPTIONS ", StringComparison.Ordinal))
            SetOptions(id, command["SET OPTIONS ".Length..]);
        else if (command.StartsWith("GET OPTIONS ", StringComparison.Ordinal))
            TellOptions(id);
        else if (command.StartsWith("CONTROL DEVICE ", StringComparison.Ordinal))
            Control(id, command["CONTROL DEVICE ".Length..]);
        else if (command.StartsWith("ENROLL_BIO ", StringComparison.Ordinal))
            Result(id, Enrol(FieldsOf(command["ENROLL_BIO ".Length..]), nobody: -12), "ENROLL_BIO");
        else
            Result(id, -13, command.Split(' ')[0]);
    }

    private static string EventLine(ZkTerminalMemory.Entry entry) =>
        $"time={ZkTerminalMemory.Text(entry.At)}\tpin={entry.PersonNumber}\tcardno=0\tsitecode=0\tlinkid=0\teventaddr=1\tevent=3\tinoutstatus=0\tverifytype=15\tindex={entry.Index}\tmaskflag=0\ttemperature=0\tconvtemperature=0";

    private static string Users(IEnumerable<KeyValuePair<string, string>> people) => string.Join("\r\n", people.Select((person, index) =>
        $"user uid={index + 1}\tcardno=\tpin={person.Key}\tpassword=\tgroup=1\tstarttime=0\tendtime=0\tname={person.Value}\tprivilege=0\tdisable=0\tverify=0"));

    private string Registration() =>
        $"DeviceType=acc,~DeviceName=Simulated terminal,FirmVer={Firmware},PushVersion=Ver 3.1.6S-20260101,MAC=02:00:00:00:00:02,CommType=ethernet,MaxPackageSize=2048000,LockCount=1,ReaderCount=2,"
        + $"IPAddress=192.0.2.21,~MaxUserCount=100,FaceFunOn=1,BioPhotoFun=1,BioDataFun=1,MultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:1,NewVFStyles=0000111000011010,UserCount={Memory.People.Count},authKey=simulated";

    private bool TakeOptions(string reply)
    {
        if (reply == "OK")
            return Step();
        if (!Starts(reply, "registry=ok\nRegistryCode="))
            return false;
        TakeDelays(OptionsOf(reply), "RequestDelay");
        return Step();
    }

    private bool TakeRegistryCode(string reply)
    {
        if (Starts(reply, "RegistryCode=") && reply.Length is > 13 and <= 45 && !reply.EndsWith('\n'))
            return Step();
        // From the beginning: the loop that wrong servers are known by.
        Restart();
        return false;
    }

    private bool TakeConfiguration(string reply)
    {
        var options = OptionsOf(reply);
        if (!options.ContainsKey("SessionID") || !options.ContainsKey("PushProtVer"))
            return Is(reply, "a configuration with SessionID and PushProtVer");
        TakeDelays(options, "RequestDelay");
        return Step();
    }

    private int Update(string text)
    {
        var fields = FieldsOf(text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        var pin = fields.GetValueOrDefault("pin", "");
        switch (text.Split(' ', 2)[0])
        {
            case "user":
                Memory.People[pin] = fields.GetValueOrDefault("name", "");
                return 0;
            case "userauthorize":
                return Memory.People.ContainsKey(pin) ? 0 : -10;
            case "biophoto":
                return TakeFace(fields, wrongSize: -631);
            default:
                return -629;
        }
    }

    private int Delete(string text)
    {
        var pin = FieldsOf(text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..]).GetValueOrDefault("pin", "");
        switch (text.Split(' ', 2)[0])
        {
            case "user":
                return Memory.People.Remove(pin) ? 0 : -10;
            case "biophoto" or "biodata":
                Memory.Faces.Remove(pin);
                return 0;
            case "transaction":
                Memory.ClearLog();
                return 0;
            case "userauthorize" or "templatev10":
                return 0;
            default:
                return -629;
        }
    }

    private void SetOptions(string id, string text)
    {
        foreach (var option in text.Split(','))
        {
            if (option.StartsWith("DateTime=", StringComparison.Ordinal) && ZkTime.TryUnpack(long.Parse(option["DateTime=".Length..], CultureInfo.InvariantCulture), out var local))
                Memory.Drift += local - Memory.LocalNow();
        }

        Result(id, 0, "SET OPTIONS");
    }

    private void TellOptions(string id)
    {
        Say(
            $"/iclock/querydata?SN={Serial}&type=options&cmdid={id}&tablename=options&count=1&packcnt=1&packidx=1",
            $"~SerialNumber={Serial},~DeviceName=Simulated terminal,FirmVer={Firmware},UserCount={Memory.People.Count}",
            reply => Is(reply, "OK"));
        Result(id, 0, "GET OPTIONS");
    }

    private void Count(string id)
    {
        Say($"/iclock/querydata?SN={Serial}&type=count&cmdid={id}&tablename=user", $"user={Memory.People.Count}", reply => Is(reply, "OK"));
        Result(id, Memory.People.Count, "DATA COUNT");
    }

    private void Control(string id, string digits)
    {
        if (digits.Length < 8 || !digits.All(char.IsAsciiHexDigit))
        {
            Result(id, -11, "CONTROL DEVICE");
            return;
        }

        if (digits.StartsWith("01", StringComparison.Ordinal))
            Memory.DoorsOpened++;
        Result(id, 0, "CONTROL DEVICE");
        if (digits.StartsWith("03", StringComparison.Ordinal))
            Restart();
    }

    /// <summary>The answer first, in parts that are cut wherever they are full, and the result behind it with the number of records.</summary>
    private void Query(string id, string text)
    {
        var table = text.Split(',')[0].Replace("tablename=", "", StringComparison.Ordinal);
        var (body, count) = table switch
        {
            "user" => (Users(Memory.People), Memory.People.Count),
            "transaction" => (string.Join("\r\n", Memory.Log.Select(Transaction)), Memory.Log.Count),
            "biophoto" => (string.Join("\r\n", Memory.Faces.Select(face => FaceLine(face.Key, face.Value))), Memory.Faces.Count),
            _ => ("", -1),
        };
        if (count < 0)
        {
            Result(id, -629, "DATA QUERY");
            return;
        }

        if (count > 0)
        {
            var bytes = Encoding.UTF8.GetBytes(body + "\r\n");
            var parts = bytes.Chunk(Math.Max(1, (bytes.Length + 1) / 2)).ToList();
            for (var i = 0; i < parts.Count; i++)
            {
                var declared = Math.Max(1, count / parts.Count);
                SayBytes(
                    $"/iclock/querydata?SN={Serial}&type=tabledata&cmdid={id}&tablename={table}&count={declared}&packcnt={parts.Count}&packidx={i + 1}", parts[i], reply => Is(reply, $"{table}={declared}"));
            }
        }

        Result(id, count, "DATA QUERY");
    }

    private static string Transaction(ZkTerminalMemory.Entry entry) =>
        $"transaction cardno=0\tpin={entry.PersonNumber}\tverified=15\tdoorid=1\teventtype=3\tinoutstate=0\ttime_second={ZkTime.Pack(entry.At)}\tindex={entry.Index}\tsitecode=0\tdevid=1";

    protected override void SendFace(string number, string content) => Say(
        $"/iclock/cdata?SN={Serial}&table=tabledata&tablename=biophoto&count=1", FaceLine(number, content) + "\r\n", reply => Is(reply, "biophoto=1"));

    private static string FaceLine(string number, string content) => $"biophoto pin={number}\tfilename={number}.jpg\ttype=9\tsize={content.Length}\tcontent={content}";

    protected override void SendPhoto(ZkTerminalMemory.Entry entry) => Say(
        $"/iclock/cdata?SN={Serial}&table=tabledata&tablename=ATTPHOTO&count=1",
        $"pin={ZkTerminalMemory.PhotoName(entry)}\tsn={Serial}\tsize={entry.Jpeg!.Length}\tphoto={Convert.ToBase64String(entry.Jpeg)}",
        reply => Is(reply, "ATTPHOTO=1"));

    private void SendState(int passages)
    {
        _statesSaid += passages;
        Say($"/iclock/cdata?SN={Serial}&table=rtstate", $"time={ZkTerminalMemory.Text(Memory.LocalNow())}\tsensor={(_statesSaid % 2 == 0 ? "01" : "02")}\trelay=00\talarm=0000000000000000\r\n\0", reply => Is(reply, "OK"));
    }
}
