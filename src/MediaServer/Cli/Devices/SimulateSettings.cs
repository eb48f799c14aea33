using System.ComponentModel;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaScore.DeviceStreams.Simulation;
using Spectre.Console.Cli;

namespace MediaScore.MediaServer.Cli.Devices;

internal sealed class SimulateSettings : CommonSettings
{
    [CommandOption("--protocol <NAME>")]
    [Description("What they speak: grpc, zk-att, zk-acc, isapi, mqtt, http, as far as this build has them.")]
    [DefaultValue("grpc")]
    public string Protocol { get; init; } = "grpc";

    [CommandOption("--server <URL>")]
    [Description("Where they connect. Default: a server on this machine.")]
    public string? Server { get; init; }

    [CommandOption("--count <N>")]
    [Description("Devices, 1 to 500.")]
    [DefaultValue(1)]
    public int Count { get; init; } = 1;

    [CommandOption("--rate <R>")]
    [Description("Frames or events of one device a second, 0.1 to 20.")]
    [DefaultValue(2.0)]
    public double Rate { get; init; } = 2;

    [CommandOption("--faces <FOLDER>")]
    [Description("JPEG pictures that they show: FOLDER/1001/*.jpg of the person with the number 1001, FOLDER/strangers/*.jpg of people who are enrolled nowhere.")]
    public string? Faces { get; init; }

    [CommandOption("--misbehave <LIST>")]
    [Description("What they do wrong, separated by commas: resends, wrong-clock, cut-bodies, reconnect-storms.")]
    public string Misbehave { get; init; } = "";

    [CommandOption("--xml")]
    [Description("isapi: events are XML, as older terminals write them, and not JSON.")]
    public bool Xml { get; init; }

    [CommandOption("--seconds <S>")]
    [Description("How long. Default: until Ctrl+C.")]
    public double? Seconds { get; init; }

    [CommandOption("--tenant <TENANT>")]
    [Description("Whose devices they are.")]
    [DefaultValue("default")]
    public string Tenant { get; init; } = "default";

    [CommandOption("--serial <PREFIX>")]
    [Description("Their serials are this, a dash and a number; the same prefix gives the same devices again.")]
    [DefaultValue("SIM")]
    public string SerialPrefix { get; init; } = "SIM";

    [CommandOption("--certificate <FILE>")]
    [Description("PEM with the client certificate that gRPC terminals show instead of a key, and its private key; with an https server.")]
    public string? Certificate { get; init; }

    [CommandOption("--seed <N>")]
    [Description("Of what they do at random.")]
    [DefaultValue(1)]
    public int Seed { get; init; } = 1;

    [CommandOption("--i-own-this-server")]
    [Description("Needed for a server that is not on this machine: hundreds of devices are a load that only its owner may put on it.")]
    public bool OwnsServer { get; init; }

    /// <summary>The order, everything that is wrong with the call told at once.</summary>
    /// <exception cref="CliException">Something is.</exception>
    public (SimulatorEntry Entry, SimulationOrder Order, TimeSpan? Length) Read()
    {
        var faults = new List<string>();
        var entry = SimulatorTable.Find(Protocol);
        if (entry is null)
            faults.Add($"--protocol {Protocol}: this build simulates {string.Join(", ", SimulatorTable.Entries.Select(e => $"{e.Name} ({e.What})"))}");
        var server = ServerOf(entry, faults);
        if (Seconds is <= 0 or > 7 * 24 * 3_600 or double.NaN)
            faults.Add($"--seconds {Seconds}: it must be more than 0, and a week at most");
        var order = new SimulationOrder(server, Count, Rate, [])
        {
            Tenant = Tenant,
            SerialPrefix = SerialPrefix,
            Certificate = CertificateOf(entry, server, faults),
            Misbehaviour = MisbehaviourOf(faults),
            WritesXml = Xml,
            Seed = Seed,
        };
        faults.AddRange(order.Faults());
        if (entry?.FaultOf(order) is { } fault)
            faults.Add(fault);
        if (entry is { NeedsFaces: true } && Faces is null)
            faults.Add($"--faces is missing: {entry.Name} shows faces. Give a folder of JPEG pictures, a folder a person, named by the person's number");
        if (faults.Count > 0)
            throw new CliException(ExitCode.BadInput, string.Join("\n  ", faults));
        return (entry!, Faces is null ? order : order with { Faces = FacesOf(Faces) }, Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    private static IReadOnlyList<SimulatedFace> FacesOf(string folder)
    {
        try
        {
            return FaceFolder.Read(folder);
        }
        catch (InvalidDataException e)
        {
            throw new CliException(ExitCode.BadInput, $"--faces: {e.Message}", e);
        }
    }

    private Uri ServerOf(SimulatorEntry? entry, List<string> faults)
    {
        var standard = entry?.DefaultServer ?? new Uri("http://127.0.0.1");
        if (Server is null)
            return standard;
        if (!Uri.TryCreate(Server, UriKind.Absolute, out var server) || server.Host.Length == 0)
        {
            faults.Add($"--server {Server}: expected a URL such as {standard}");
            return standard;
        }

        // Whoever mistypes an address must not find out by what breaks there.
        if (!server.IsLoopback && !OwnsServer)
            faults.Add($"--server {Server} is not on this machine. Simulated devices are a load; say --i-own-this-server if you may put it there");
        return server;
    }

    private X509Certificate2? CertificateOf(SimulatorEntry? entry, Uri server, List<string> faults)
    {
        if (Certificate is null)
            return null;
        if (entry is not { Name: "grpc" } || server.Scheme != Uri.UriSchemeHttps)
            faults.Add($"--certificate: gRPC terminals show one to a server over TLS, such as --server https://127.0.0.1:5443; this is {Protocol} to {server}");
        try
        {
            return X509Certificate2.CreateFromPemFile(Certificate);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            faults.Add($"--certificate {Certificate}: expected a PEM file with a certificate and its private key: {e.Message}");
            return null;
        }
    }

    private Misbehaviour MisbehaviourOf(List<string> faults)
    {
        var all = Enum.GetValues<Misbehaviour>().Where(one => one != Misbehaviour.None).ToDictionary(NameOf, StringComparer.Ordinal);
        var wanted = Misbehaviour.None;
        foreach (var name in Misbehave.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (all.TryGetValue(name, out var one))
                wanted |= one;
            else
                faults.Add($"--misbehave {name}: known are {string.Join(", ", all.Keys)}");
        }

        return wanted;
    }

    private static string NameOf(Misbehaviour one) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(one.ToString());
}
