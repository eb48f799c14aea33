using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.Tests.Gallery;
using MediaScore.Storage;
using MediaScore.Storage.Devices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>A site with doors: people and faces, devices and events on one database, and a camera that sees what a test says.</summary>
internal sealed class DoorSite : IAsyncDisposable, IDbContextFactory<MediaScoreDbContext>
{
    private readonly DbContextOptions<MediaScoreDbContext> _database;

    private DoorSite(Site site, DeviceOptions options)
    {
        (Site, Options) = (site, options);
        var database = new DbContextOptionsBuilder<MediaScoreDbContext>();
        InterviewDatabase.Configure(database, site.DatabasePath);
        _database = database.AddInterceptors(Disk).Options;
        Registry = new DeviceRegistry(site.Devices, options, site.Time);
        Commands = new CommandQueue(site.Commands);
        Events = new DeviceEventStore(this, site.Time);
        Journal = new EventJournal(Events);
    }

    public Site Site { get; }

    public FakeTimeProvider Time => Site.Time;

    public DeviceOptions Options { get; }

    public ScriptedCamera Camera { get; } = new();

    /// <summary>Of events; people and devices have another.</summary>
    public SlowDisk Disk { get; } = new();

    public DeviceRegistry Registry { get; }

    public CommandQueue Commands { get; }

    public DeviceEventStore Events { get; }

    public EventJournal Journal { get; }

    public static async Task<DoorSite> OpenAsync(DeviceOptions? options = null) => new(await Site.OpenAsync(), options ?? new DeviceOptions());

    /// <summary>A terminal that a person knows already.</summary>
    public Task<Device> ApproveAsync(string serial, Action<DeviceRow>? set = null)
    {
        var row = new DeviceRow { Id = DeviceRegistry.NewId(), Tenant = Site.Tenant, Protocol = DeviceProtocol.Grpc, Serial = serial, State = DeviceState.Approved };
        set?.Invoke(row);
        return Registry.AddAsync(row);
    }

    public FaceGate GateOf(Device device) => new(device, Camera, Site.Gallery, new DoorPolicy(), Journal, Options, Time);

    /// <summary>Somebody who agreed and is enrolled, and who looks at the camera in pictures of this shade.</summary>
    public async Task EnrolAsync(string number, int shade, float[] face, double? live = null)
    {
        (await Site.EnrolAsync(number, shade, face)).Enrolled.ShouldBeTrue();
        Camera.Show(shade, Directions.Near(face, 0.9, 100 + shade), live: live);
    }

    /// <summary>All that is stored, oldest first, and all that was on its way when this was called.</summary>
    public async Task<IReadOnlyList<DeviceEventRow>> StoredAsync()
    {
        // Stored behind what waits already.
        await Journal.AppendAsync([]);
        var rows = new List<DeviceEventRow>();
        await foreach (var row in Events.ReadAsync(new DeviceEventQuery(Site.Tenant)))
            rows.Add(row);
        return rows;
    }

    /// <summary>
    /// Lets time pass until something has happened that waits for it, and more of it than that needs: how fast this clock goes against the disk is the machine's whim. Only where nothing else
    /// hangs on it; whoever waits for the disk as well advances <see cref="Time"/> once and lets it stand.
    /// </summary>
    public async Task PassTimeUntilAsync(Task happened, TimeSpan step)
    {
        while (!happened.IsCompleted)
        {
            Time.Advance(step);
            // What the clock has woken runs now.
            await Task.WhenAny(happened, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
        }
    }

    public MediaScoreDbContext CreateDbContext() => new(_database);

    public async ValueTask DisposeAsync()
    {
        Disk.Fails = false;
        Disk.Release();
        await Journal.DisposeAsync();
        await Site.DisposeAsync();
    }
}
