using System.Security.Cryptography.X509Certificates;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Protocol.Device.V1;
using MediaScore.Storage.Devices;
using Device = MediaScore.DeviceStreams.Registry.Device;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>The device stream as a server runs it, on a <see cref="DoorSite"/>.</summary>
internal sealed class TerminalBench : IAsyncDisposable
{
    public const string Key = "0123456789abcdef";

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<TerminalCall> _calls = [];

    private TerminalBench(DoorSite site)
    {
        Site = site;
        Streams = new TerminalStreams(
            new TerminalServices(site.Registry, site.Commands, site.Journal, site.Camera, site.Site.Gallery, site.Site.Enrolment, new DoorPolicy(), site.Options, site.Time), _stopping.Token);
        Service = new DeviceGrpcService(site.Registry, Streams, site.Time);
    }

    public DoorSite Site { get; }

    public TerminalStreams Streams { get; }

    public DeviceGrpcService Service { get; }

    public static async Task<TerminalBench> OpenAsync(DeviceOptions? options = null) => new(await DoorSite.OpenAsync(options));

    /// <summary>A connection that has said nothing yet.</summary>
    public TerminalCall Call(string peer = "ipv4:127.0.0.1:40000", X509Certificate2? certificate = null, bool reads = true)
    {
        var call = new TerminalCall(Service, peer, certificate, reads);
        _calls.Add(call);
        return call;
    }

    /// <summary>A terminal that says hello; whether it is let in is another matter.</summary>
    public TerminalCall Connect(string serial, string key = Key, string peer = "ipv4:127.0.0.1:40000", X509Certificate2? certificate = null, bool reads = true)
    {
        var call = Call(peer, certificate, reads);
        call.Send(HelloOf(serial, key));
        return call;
    }

    /// <summary>A terminal that a person approved, and its stream, ready.</summary>
    public async Task<(TerminalCall Call, Device Device)> ConnectApprovedAsync(string serial, Action<DeviceRow>? set = null)
    {
        var device = await Site.ApproveAsync(serial, row =>
        {
            row.CredentialSha256 = DeviceCredentials.OfKey(Key);
            set?.Invoke(row);
        });
        var call = Connect(serial);
        (await call.UntilAsync(ServerMessage.MessageOneofCase.Welcome)).Welcome.Approved.ShouldBeTrue();
        await call.BeatAsync();
        return (call, device);
    }

    public static DeviceMessage HelloOf(string serial, string key = Key, string tenant = Gallery.Site.Tenant) =>
        new() { Hello = new Hello { Tenant = tenant, Serial = serial, Key = key, Model = "T-1", Firmware = "1.2" } };

    /// <summary>A person decides.</summary>
    public Task JudgeAsync(string serial, DeviceState state) => Site.Registry.ChangeAsync(Find(serial).Id, row => row.State = state);

    public Device Find(string serial) => Site.Registry.Find(Gallery.Site.Tenant, DeviceProtocol.Grpc, serial).ShouldNotBeNull();

    /// <summary>The server begins to stop.</summary>
    public void Stop() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        Site.Disk.Fails = false;
        Site.Disk.Release();
        foreach (var call in _calls)
        {
            call.Cut();
            await call.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            call.Dispose();
        }

        _stopping.Dispose();
        await Site.DisposeAsync();
    }
}
