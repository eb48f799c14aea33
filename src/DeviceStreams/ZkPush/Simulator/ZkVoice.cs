using System.Globalization;
using System.Text;

namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>How a simulated terminal speaks: what it says in which order, and which answers it takes.</summary>
internal abstract class ZkVoice(ZkTerminalMemory memory, Action<string> fault)
{
    protected const string Firmware = "SIM-NF-Ver1.0.0";

    private int _step;

    protected ZkTerminalMemory Memory => memory;

    protected string Serial => memory.Plan.Serial;

    /// <summary>It has shaken hands.</summary>
    public bool IsSetUp => _step >= SetUpSteps;

    /// <summary>Nothing is left to say.</summary>
    public bool IsSilent => IsSetUp && memory.Outbox.Count == 0 && memory.Results.Count == 0 && memory.SentCount == memory.Log.Count;

    /// <summary>Power, network or CHECK: from the handshake on again.</summary>
    public virtual void Restart() => _step = 0;

    public ZkExchange Next()
    {
        if (!IsSetUp)
            return SetUp(_step);
        if (memory.Outbox.TryPeek(out var waiting))
            return waiting with { Accepts = reply => Took(waiting, reply) };
        if (memory.Results.Count > 0)
            return TellResults();
        return memory.SentCount < memory.Log.Count ? SendLog() : Poll();
    }

    protected abstract int SetUpSteps { get; }

    /// <param name="step">From 0 on; <see cref="Step"/> leads to the next.</param>
    protected abstract ZkExchange SetUp(int step);

    /// <summary>The next lines of the log; what is accepted is behind <see cref="ZkTerminalMemory.SentCount"/>.</summary>
    protected abstract ZkExchange SendLog();

    protected abstract void SendPhoto(ZkTerminalMemory.Entry entry);

    protected abstract void SendFace(string number, string content);

    protected abstract ZkExchange Poll();

    /// <summary>Does one command; results, answers and uploads are put into the memory.</summary>
    protected abstract void Execute(string id, string command);

    protected bool Step()
    {
        _step++;
        return true;
    }

    protected List<ZkTerminalMemory.Entry> Unsent() => [.. memory.Log.Skip(memory.SentCount).Take(memory.Plan.LinesAtOnce)];

    /// <summary>The server has these; their photos follow.</summary>
    protected bool Sent(List<ZkTerminalMemory.Entry> entries)
    {
        memory.SentCount += entries.Count;
        foreach (var entry in entries.Where(entry => entry.Jpeg is not null))
            SendPhoto(entry);
        return true;
    }

    protected void Say(string pathAndQuery, string body, Func<string, bool> accepts) => SayBytes(pathAndQuery, Encoding.UTF8.GetBytes(body), accepts);

    protected void SayBytes(string pathAndQuery, byte[] body, Func<string, bool> accepts) =>
        memory.Outbox.Enqueue(new ZkExchange(pathAndQuery, body, accepts) { IsUpload = true });

    /// <summary>Takes an answer to the letter; where it is another the terminal has a reason to complain.</summary>
    protected bool Is(string reply, string expected)
    {
        if (reply == expected)
            return true;
        fault($"\"{Shown(reply)}\" instead of \"{Shown(expected)}\"");
        return false;
    }

    protected bool Starts(string reply, string expected)
    {
        if (reply.StartsWith(expected, StringComparison.Ordinal))
            return true;
        fault($"\"{Shown(reply)}\" instead of \"{Shown(expected)}...\"");
        return false;
    }

    /// <summary>Takes up what a poll says.</summary>
    protected bool TakeCommands(string reply)
    {
        if (ZkExchange.IsOk(reply))
            return true;
        if (!Starts(reply, "C:"))
            return false;
        foreach (var line in reply.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.TrimEnd('\r').Split(':', 3);
            if (parts is not ["C", { Length: > 0 } id, { Length: > 0 } command])
            {
                fault($"no command: \"{Shown(line)}\"");
                continue;
            }

            memory.Executed.Add(command);
            Execute(id, command);
        }

        return true;
    }

    protected void Result(string id, int code, string command) => memory.Results.Add(string.Create(CultureInfo.InvariantCulture, $"ID={id}&Return={code}&CMD={command}"));

    /// <summary>Option lines of a handshake by name.</summary>
    protected static Dictionary<string, string> OptionsOf(string reply)
    {
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in reply.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                options[line[..equals]] = line[(equals + 1)..].TrimEnd('\r');
        }

        return options;
    }

    protected void TakeDelays(Dictionary<string, string> options, string pollName)
    {
        if (options.TryGetValue(pollName, out var poll) && int.TryParse(poll, out var pollSeconds))
            memory.PollDelay = TimeSpan.FromSeconds(pollSeconds);
        if (options.TryGetValue("ErrorDelay", out var error) && int.TryParse(error, out var errorSeconds))
            memory.ErrorDelay = TimeSpan.FromSeconds(errorSeconds);
    }

    /// <summary>Fields of a command, between TABs.</summary>
    protected static Dictionary<string, string> FieldsOf(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in text.Split('\t'))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                fields[field[..equals].Trim()] = field[(equals + 1)..];
        }

        return fields;
    }

    /// <summary>Somebody steps in front of the camera.</summary>
    /// <param name="nobody">The result where it sees nothing.</param>
    protected int Enrol(Dictionary<string, string> fields, int nobody)
    {
        var pin = fields.GetValueOrDefault("pin", "");
        if (memory.FaceOf(pin) is not { } jpeg)
            return nobody;
        memory.People.TryAdd(pin, "");
        SendFace(pin, memory.Faces[pin] = Convert.ToBase64String(jpeg));
        return 0;
    }

    /// <summary>A picture from the server, of somebody who is known.</summary>
    protected int TakeFace(Dictionary<string, string> fields, int wrongSize)
    {
        var pin = fields.GetValueOrDefault("pin", "");
        if (!memory.People.ContainsKey(pin))
            return -10;
        if (fields["size"] != fields["content"].Length.ToString(CultureInfo.InvariantCulture))
            return wrongSize;
        memory.Faces[pin] = fields["content"];
        return 0;
    }

    private ZkExchange TellResults()
    {
        // All that one poll brought in one body, as real ones do.
        var told = memory.Results.ToList();
        return new ZkExchange($"/iclock/devicecmd?SN={Serial}", Encoding.UTF8.GetBytes(string.Join('\n', told) + "\n"), reply =>
        {
            if (!ZkExchange.IsOk(reply))
                return false;
            memory.Results.RemoveRange(0, told.Count);
            return true;
        });
    }

    private bool Took(ZkExchange waiting, string reply)
    {
        if (!waiting.Accepts(reply))
            return false;
        memory.Outbox.Dequeue();
        return true;
    }

    private static string Shown(string text) => (text.Length > 80 ? text[..80] : text).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
}
