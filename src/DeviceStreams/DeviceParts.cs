using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Mqtt;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.Keys;
using MediaScore.Perception.Vision;
using MediaScore.Storage.Devices;
using MediaScore.Storage.People;
using Microsoft.Extensions.Logging;

namespace MediaScore.DeviceStreams;

/// <summary>Everything that serves devices, put together: what a host maps its protocols and pages to. Dispose it after the listener has stopped, and before models and keys.</summary>
public sealed class DeviceParts : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly EventPictures _pictures;
    private readonly GalleryWatch _watch;
    private readonly GateDesk _desk;
    private readonly Func<ModelIdentity?> _embedder;
    private int _disposed;

    private DeviceParts(DevicePartsSetup setup, DeviceRegistry registry, PersonStore people, FaceGallery gallery)
    {
        var (options, time, loggers) = (setup.Options, setup.Time, setup.Loggers);
        (Options, Keys, Registry, Persons, Gallery, _embedder) = (options, setup.Keys, registry, people, gallery, setup.Embedder);
        var devices = new DeviceStore(setup.Contexts, time);
        Commands = new CommandQueue(new DeviceCommandStore(setup.Contexts, time));
        Events = new DeviceEventStore(setup.Contexts, time);
        Journal = new EventJournal(Events);
        Pictures = _pictures = new EventPictures(setup.PicturesFolder, setup.Keys, options, time, loggers.CreateLogger<EventPictures>());
        People = new PeopleDirectory(people, setup.Keys, devices, Commands);
        var missing = new MissingFaces(setup.WhyNoFaces ?? "the face models are not prepared");
        Enrolment = new Enrolment(people, gallery, setup.Keys, setup.Faces is { } analyzer ? new EnrolmentFaces(analyzer) : missing, setup.Gallery);
        IFaceLooker looker = setup.Faces is { } faces ? new FaceLooker(faces) : missing;
        Policy = new DoorPolicy();
        Streams = new TerminalStreams(new TerminalServices(registry, Commands, Journal, looker, gallery, Enrolment, Policy, options, time), _stopping.Token);
        Grpc = new DeviceGrpcService(registry, Streams, time);
        TerminalPeople = new TerminalPeople(people, setup.Keys, async (tenant, number, picture, source, cancellationToken) =>
        {
            var result = await Enrolment.EnrolAsync(tenant, number, picture, source, cancellationToken);
            return (result.Enrolled, result.Reason);
        });
        ZkPush = new ZkPushServer(new ZkPushServices(
            registry, Commands, Journal, Pictures, TerminalPeople, setup.Keys, options, setup.ZkPush, time, loggers.CreateLogger<ZkPushServer>()));
        Isapi = new IsapiService(
            registry, Commands, Journal, Pictures, new StoredPeople(people, setup.Keys), setup.Faces is null ? null : new GalleryVerifier(looker, gallery), Policy, setup.Keys, options,
            setup.Isapi, time, loggers.CreateLogger<IsapiService>());
        _desk = new GateDesk(looker, gallery, Policy, Journal, options, time);
        Api = new DeviceApi(new DeviceApiServices(registry, Commands, Journal, _desk, options, setup.Http, time, loggers.CreateLogger<DeviceApi>(), _stopping.Token));
        Mqtt = new MqttIngress(new MqttServices(registry, Commands, Journal, options, setup.Mqtt, setup.MqttBroker, time, loggers));
        _watch = new GalleryWatch(gallery, people, setup.Gallery, time, loggers.CreateLogger<GalleryWatch>());
    }

    public DeviceOptions Options { get; }

    public TenantKeys Keys { get; }

    public DeviceRegistry Registry { get; }

    public CommandQueue Commands { get; }

    /// <summary>What happened, to be searched.</summary>
    public DeviceEventStore Events { get; }

    /// <summary>What happens, to be stored.</summary>
    public EventJournal Journal { get; }

    public IEventPictures Pictures { get; }

    /// <summary>What operators do with people.</summary>
    public PeopleDirectory People { get; }

    /// <summary>The rows behind <see cref="People"/>.</summary>
    public PersonStore Persons { get; }

    public FaceGallery Gallery { get; }

    public Enrolment Enrolment { get; }

    /// <summary>Whose templates can be compared now; null while that model is missing.</summary>
    public ModelIdentity? Embedder => _embedder();

    public IDoorPolicy Policy { get; }

    /// <summary>Terminals that are connected over gRPC.</summary>
    public TerminalStreams Streams { get; }

    /// <summary>To be mapped by the host.</summary>
    public DeviceGrpcService Grpc { get; }

    /// <summary>People and faces that were enrolled at a terminal.</summary>
    public ITerminalPeople TerminalPeople { get; }

    /// <summary>ZKTeco terminals; to be mapped by the host.</summary>
    public ZkPushServer ZkPush { get; }

    /// <summary>Hikvision devices; <see cref="IsapiService.Listener"/> is to be mapped by the host.</summary>
    public IsapiService Isapi { get; }

    /// <summary>Devices that speak none of the other protocols; to be mapped by the host.</summary>
    public DeviceApi Api { get; }

    /// <summary>Badges and sensors.</summary>
    public MqttIngress Mqtt { get; }

    /// <summary>Fires when the server stops: every stream of a device ends with it.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Reads what is stored, and starts what runs beside the devices, or calls them.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The port of the MQTT broker is taken, or is not this machine's.</exception>
    public static async Task<DeviceParts> OpenAsync(DevicePartsSetup setup, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var registry = new DeviceRegistry(new DeviceStore(setup.Contexts, setup.Time), setup.Options, setup.Time);
        var people = new PersonStore(setup.Contexts, setup.Time);
        var gallery = new FaceGallery(people, setup.Keys, setup.Embedder, setup.Gallery, setup.Time, setup.Loggers.CreateLogger<FaceGallery>());
        DeviceParts parts;
        try
        {
            await registry.LoadAsync(cancellationToken);
            await gallery.LoadAsync(cancellationToken);
            parts = new DeviceParts(setup, registry, people, gallery);
        }
        catch
        {
            gallery.Dispose();
            people.Dispose();
            throw;
        }

        try
        {
            await parts.Mqtt.StartAsync();
            parts.Isapi.Start();
            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the streams of devices, so that the listener need not wait for them; they come back to the next process.</summary>
    public void BeginStop()
    {
        // Whoever stops a host that is disposed already says it too late.
        if (Volatile.Read(ref _disposed) == 0)
            _stopping.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stopping.CancelAsync();
        await Mqtt.DisposeAsync();
        await Isapi.DisposeAsync();
        await _desk.DisposeAsync();
        Api.Dispose();
        // What was acknowledged is on the disk already; what still waits gets there now.
        await Journal.DisposeAsync();
        await _watch.DisposeAsync();
        await _pictures.DisposeAsync();
        Gallery.Dispose();
        Persons.Dispose();
        _stopping.Dispose();
    }
}
