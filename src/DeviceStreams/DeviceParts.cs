using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Registry;
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
        Faces = setup.Faces is { } faces ? new FaceLooker(faces) : missing;
        Policy = new DoorPolicy();
        Streams = new TerminalStreams(new TerminalServices(registry, Commands, Journal, Faces, gallery, Enrolment, Policy, options, time), _stopping.Token);
        Grpc = new DeviceGrpcService(registry, Streams, time);
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

    /// <summary>The face models as a door asks them.</summary>
    internal IFaceLooker Faces { get; }

    /// <summary>Terminals that are connected over gRPC.</summary>
    public TerminalStreams Streams { get; }

    /// <summary>To be mapped by the host.</summary>
    public DeviceGrpcService Grpc { get; }

    /// <summary>Fires when the server stops: every stream of a device ends with it.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Reads what is stored, and starts what runs beside the devices.</summary>
    public static async Task<DeviceParts> OpenAsync(DevicePartsSetup setup, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var registry = new DeviceRegistry(new DeviceStore(setup.Contexts, setup.Time), setup.Options, setup.Time);
        var people = new PersonStore(setup.Contexts, setup.Time);
        var gallery = new FaceGallery(people, setup.Keys, setup.Embedder, setup.Gallery, setup.Time, setup.Loggers.CreateLogger<FaceGallery>());
        try
        {
            await registry.LoadAsync(cancellationToken);
            await gallery.LoadAsync(cancellationToken);
            return new DeviceParts(setup, registry, people, gallery);
        }
        catch
        {
            gallery.Dispose();
            people.Dispose();
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
        // What was acknowledged is on the disk already; what still waits gets there now.
        await Journal.DisposeAsync();
        await _watch.DisposeAsync();
        await _pictures.DisposeAsync();
        Gallery.Dispose();
        Persons.Dispose();
        _stopping.Dispose();
    }
}
