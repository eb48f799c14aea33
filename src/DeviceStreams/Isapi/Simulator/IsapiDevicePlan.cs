using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.Isapi.Simulator;

/// <summary>How a simulated Hikvision terminal behaves. What firmware differs in, and what none of the sources settles, is a switch here.</summary>
public sealed record IsapiDevicePlan(string Serial)
{
    public string User { get; init; } = "admin";

    public string Password { get; init; } = "simulated-terminal-1";

    /// <summary>On 127.0.0.1; 0: any that is free, the same one after a restart.</summary>
    public int Port { get; init; }

    /// <summary>HTTPS with a certificate that it signs itself.</summary>
    public bool UsesTls { get; init; }

    /// <summary>Events a second that happen by themselves while it runs; 0: none.</summary>
    public double EventsPerSecond { get; init; }

    /// <summary>Who walks by; at least one where events happen by themselves.</summary>
    public IReadOnlyList<SimulatedFace> People { get; init; } = [];

    /// <summary>Where it posts its events, whatever its slots say; null: where they say, if anywhere.</summary>
    public Uri? PushTo { get; init; }

    /// <summary>Events are XML, in its stream and where <see cref="PushTo"/> says that it posts; a slot has its own word for it.</summary>
    public bool WritesXml { get; init; }

    public Misbehaviour Misbehaviour { get; init; }

    /// <summary>Of what it does at random.</summary>
    public int Seed { get; init; }

    /// <summary>Uses of one nonce; another one after that is refused without a word why.</summary>
    public int NonceUses { get; init; } = 2;

    /// <summary>Wrong passwords until it locks.</summary>
    public int TriesBeforeLock { get; init; } = 5;

    /// <summary>Says with each wrong password how many tries are left, as terminals do; cameras say nothing.</summary>
    public bool CountsTries { get; init; } = true;

    /// <summary>How long it is locked; every try within begins it anew.</summary>
    public TimeSpan LockTime { get; init; } = TimeSpan.FromSeconds(111);

    /// <summary>Reads out its whole log whenever somebody begins to listen.</summary>
    public bool Replays { get; init; } = true;

    /// <summary>Its log can be read.</summary>
    public bool HasLog { get; init; } = true;

    /// <summary>Its log can be asked by serial.</summary>
    public bool HasLogSerials { get; init; } = true;

    /// <summary>Most events of one page of its log; more are an error.</summary>
    public int PageSize { get; init; } = 30;

    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(10);

    public HeartbeatForm Heartbeat { get; init; }

    public StreamForm Stream { get; init; }

    public LengthForm Lengths { get; init; }

    /// <summary>How long the place of a listener that has gone stays taken.</summary>
    public TimeSpan BusyAfterListener { get; init; }

    /// <summary>Line feeds only, as a proxy leaves them.</summary>
    public bool HasBareLineFeeds { get; init; }

    /// <summary>One byte a write, as a bad network does it.</summary>
    public bool Drips { get; init; }

    /// <summary>Its clock beside the true one.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>What it writes behind its times: <c>+04:00</c>; empty: nothing.</summary>
    public string ZoneText { get; init; } = "+00:00";

    /// <summary>Which of the two names its face library wants the picture under.</summary>
    public string FacePartName { get; init; } = "FaceImage";

    /// <summary>It has the call that makes or changes a person.</summary>
    public bool HasUserSetUp { get; init; } = true;

    /// <summary>It has the call that deletes a person with everything, later.</summary>
    public bool HasDetailDelete { get; init; }
}

/// <summary>How it says that it lives.</summary>
public enum HeartbeatForm { Json, Xml, HeartBeat, None }

/// <summary>What its event stream is.</summary>
public enum StreamForm
{
    Multipart,

    /// <summary>200, an empty document, and the end.</summary>
    EmptyDocument,

    /// <summary>404 without a word.</summary>
    Missing,

    /// <summary>Open, and not a byte.</summary>
    Silent,
}

/// <summary>What it writes into Content-Length of a part.</summary>
public enum LengthForm { Right, TooLarge, TooSmall, Missing }
