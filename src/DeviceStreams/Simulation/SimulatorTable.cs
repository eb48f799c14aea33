using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.DeviceStreams.ZkPush.Simulator;

namespace MediaScore.DeviceStreams.Simulation;

/// <summary>Every protocol that can be simulated: a row each.</summary>
public static class SimulatorTable
{
    // Those who stand in front of a terminal for two seconds at two frames a second, and the two seconds until the next one.
    private const int FramesPerPass = 4;
    private static readonly TimeSpan PauseBetweenPasses = TimeSpan.FromSeconds(2.5);

    // Behind the ports that anything usual has; the first device has the next one.
    private const int IsapiPorts = 18_000;

    // Whoever watches a simulation has less patience than a terminal that waits for a person's word.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private static readonly SimulatedFace[] Somebody = [new("1001", default), new("1002", default), new("1003", default)];

    private static readonly Uri Pages = new("http://127.0.0.1:5080");

    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<SimulatorEntry> Entries { get; } =
    [
        new("grpc", "face terminals on MediaScore's own device stream", new Uri("http://127.0.0.1:5081"), NeedsFaces: true, Terminal),
        new("zk-att", "ZKTeco terminals, attendance dialect", Pages, NeedsFaces: false, device => Zk(device, ZkDialect.Attendance)),
        new("zk-acc", "ZKTeco terminals, security dialect", Pages, NeedsFaces: false, device => Zk(device, ZkDialect.Access)),
        new("isapi", $"Hikvision terminals: wait to be called at http://127.0.0.1:{IsapiPorts + 1} and the next ports, and post to what is written into their slots, or to --server URL{PushToken.PathPrefix}TOKEN", Pages, NeedsFaces: false, Isapi) { FaultOf = IsapiFault },
        new("mqtt", "badge readers over MQTT", new Uri("mqtt://127.0.0.1:1883"), NeedsFaces: false, Badges),
        new("http", "special devices on the device API", Pages, NeedsFaces: false, Special),
    ];

    /// <summary>Null where this build has no such simulator.</summary>
    public static SimulatorEntry? Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name);

    private static SimulatedTerminal Terminal(SimulatedDevice device)
    {
        var order = device.Order;
        return new SimulatedTerminal(
            new TerminalPlan(order.Server, device.Serial, device.Key, order.Faces, order.RatePerSecond, FramesPerPass, PauseBetweenPasses)
            {
                Tenant = order.Tenant,
                Certificate = order.Certificate,
                Misbehaviour = order.Misbehaviour,
                Seed = device.Seed,
            },
            device.Time,
            device.Decided);
    }

    private static ZkTerminal Zk(SimulatedDevice device, ZkDialect dialect)
    {
        var order = device.Order;
        var plan = new ZkTerminalPlan(order.Server, device.Serial, dialect)
        {
            Faces = order.Faces,
            EventsPerSecond = order.RatePerSecond,
            LongestWait = LongestWait,
            Misbehaviour = order.Misbehaviour,
            Seed = device.Seed,
        };
        string[] numbers = [.. order.Faces.Select(face => face.PersonNumber).Where(number => number.Length > 0).Distinct(StringComparer.Ordinal)];
        return new ZkTerminal(numbers.Length > 0 ? plan with { PersonNumbers = numbers } : plan, device.Time);
    }

    private static bool IsPushPath(Uri server) => server.AbsolutePath.StartsWith(PushToken.PathPrefix, StringComparison.OrdinalIgnoreCase);

    private static string? IsapiFault(SimulationOrder order) => order.Count > 1 && IsPushPath(order.Server)
        ? $"{order.Count} devices would post to the path of one, and their events count as its: --count 1, or a path and a run for each"
        : null;

    private static IsapiDevice Isapi(SimulatedDevice device)
    {
        var order = device.Order;
        return new IsapiDevice(
            new IsapiDevicePlan(device.Serial)
            {
                Port = IsapiPorts + device.Number,
                EventsPerSecond = order.RatePerSecond,
                People = order.Faces.Count > 0 ? order.Faces : Somebody,
                PushTo = IsPushPath(order.Server) ? order.Server : null,
                WritesXml = order.WritesXml,
                Misbehaviour = order.Misbehaviour,
                Seed = device.Seed,
            },
            device.Time,
            device.Decided);
    }

    private static SimulatedMqttDevice Badges(SimulatedDevice device)
    {
        var order = device.Order;
        return new SimulatedMqttDevice(
            new MqttDevicePlan(order.Server, device.Serial, device.Key, order.RatePerSecond) { Tenant = order.Tenant, Misbehaviour = order.Misbehaviour, Seed = device.Seed }, device.Time);
    }

    private static SimulatedHttpDevice Special(SimulatedDevice device)
    {
        var order = device.Order;
        return new SimulatedHttpDevice(
            new HttpDevicePlan(order.Server, device.Serial, device.Key, order.RatePerSecond) { Tenant = order.Tenant, Faces = order.Faces, Misbehaviour = order.Misbehaviour, Seed = device.Seed },
            device.Time,
            device.Decided);
    }
}
