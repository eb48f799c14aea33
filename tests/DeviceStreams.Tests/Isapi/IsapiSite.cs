using System.Collections.Concurrent;
using System.Net;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Isapi;
using MediaScore.DeviceStreams.Isapi.Decisions;
using MediaScore.DeviceStreams.Isapi.Pull;
using MediaScore.DeviceStreams.Isapi.Push;
using MediaScore.DeviceStreams.Isapi.Simulator;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using MediaScore.Storage;
using MediaScore.Storage.Devices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Isapi;

/// <summary>The part of a server that Hikvision devices meet, on a real database in a folder of its own; it can be restarted in the middle, and its disk can fail.</summary>
internal sealed class IsapiSite : IAsyncDisposable, IDbContextFactory<MediaScoreDbContext>, IDoorPeople, IEventPictures, IFaceVerifier
{
    public const string Tenant = "default";

    // A wait that ends here has failed, and says what for; nothing is decided by it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("mediascore-isapi-").FullName;
    private readonly FailingSaves _saves = new();
    private readonly DbContextOptions<MediaScoreDbContext> _database;
    private readonly ConcurrentDictionary<string, byte[]> _pictures = new();
    private readonly ConcurrentDictionary<string, DoorPerson> _people = new();
    private readonly Lock _gate = new();
    private readonly List<(Func<bool> IsReached, TaskCompletionSource Reached)> _waiting = [];
    private readonly ConcurrentDictionary<string, IsapiStatus> _statuses = new();
    private KeyStore? _keyStore;
    private int _stored;

    private IsapiSite(TimeProvider time)
    {
        Time = time;
        var options = new DbContextOptionsBuilder<MediaScoreDbContext>();
        InterviewDatabase.Configure(options, Path.Combine(_folder, "test.db"));
        _database = options.AddInterceptors(_saves).Options;
    }

    public TimeProvider Time { get; }

    public DeviceOptions Devices { get; } = new();

    /// <summary>In a hurry: a network of one machine, and nobody to spare. But the disk of a busy machine has its time.</summary>
    public IsapiOptions Options { get; } = new() { ReconnectMs = 20, PagePauseMs = 0, BackFillEveryS = 3_600, RequestLimitS = 10, PushLimitMs = 60_000, PictureGrace = TimeSpan.Zero };

    /// <summary>What a verification finds; null: there is nobody to ask.</summary>
    public Func<string, CancellationToken, Task<FaceVerification>>? Faces { get; set; }

    public DeviceRegistry Registry { get; private set; } = null!;

    public CommandQueue Commands { get; private set; } = null!;

    public EventJournal Journal { get; private set; } = null!;

    public DeviceEventStore Events { get; private set; } = null!;

    public TenantKeys Keys { get; private set; } = null!;

    public IsapiService Service { get; private set; } = null!;

    public IReadOnlyDictionary<string, byte[]> Pictures => _pictures;

    /// <summary>Nothing can be stored any more.</summary>
    public bool DiskFails
    {
        get => _saves.Fails;
        set => _saves.Fails = value;
    }

    /// <summary>What writes have to wait for.</summary>
    public Task? DiskGate
    {
        get => _saves.Gate;
        set => _saves.Gate = value;
    }

    /// <summary>Ends when something waits for <see cref="DiskGate"/>.</summary>
    public Task WhenDiskIsAskedAsync() => WithinAsync(_saves.Asked, "a write that waits for the disk");

    public static async Task<IsapiSite> OpenAsync(Action<IsapiSite>? configure = null, TimeProvider? time = null)
    {
        var site = new IsapiSite(time ?? TimeProvider.System);
        configure?.Invoke(site);
        await using (var context = site.CreateDbContext())
        {
            await context.Database.EnsureCreatedAsync();
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;");
        }

        site._keyStore = await KeyStore.OpenAsync(new KeyOptions { Folder = Path.Combine(site._folder, "keys"), MasterKeyVariable = "MEDIASCORE_TEST_MASTER_KEY_UNSET" });
        site.Keys = new TenantKeys(site._keyStore);
        await site.StartAsync();
        return site;
    }

    public MediaScoreDbContext CreateDbContext() => new(_database);

    /// <summary>The process goes, and another one begins: only what is on the disk is still there.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task StopAsync()
    {
        await Service.DisposeAsync();
        await Journal.DisposeAsync();
        _statuses.Clear();
    }

    public async Task StartAsync()
    {
        Registry = new DeviceRegistry(new DeviceStore(this, Time), Devices, Time);
        await Registry.LoadAsync();
        Commands = new CommandQueue(new DeviceCommandStore(this, Time));
        Events = new DeviceEventStore(this, Time);
        Journal = new EventJournal(Events);
        Journal.Stored += rows => Look(() => _stored += rows.Count);
        Service = new IsapiService(Registry, Commands, Journal, this, this, Faces is null ? null : this, new DoorPolicy(), Keys, Devices, Options, Time, NullLogger<IsapiService>.Instance);
        Service.StatusChanged += status => Look(() => _statuses[status.DeviceId] = status);
        Service.Start();
    }

    /// <summary>A device that the server calls.</summary>
    public async Task<Device> AddAsync(IsapiDevice simulated, string? password = null, Action<DeviceRow>? change = null)
    {
        var row = new DeviceRow
        {
            Id = DeviceRegistry.NewId(),
            Tenant = Tenant,
            Protocol = DeviceProtocol.Isapi,
            Serial = simulated.Serial,
            State = DeviceState.Approved,
            Address = simulated.Address!.GetLeftPart(UriPartial.Authority),
        };
        row.SealedLogin = new DeviceLogin(simulated.Plan.User, password ?? simulated.Plan.Password).Seal(Keys, Tenant, row.Id);
        change?.Invoke(row);
        var device = await Registry.AddAsync(row);
        // New devices are looked for now and then, which is never on a clock that stands still; and whenever a person has changed something.
        if (Time != TimeProvider.System)
            await Registry.ChangeAsync(device.Id, _ => { });
        return device;
    }

    /// <summary>A device that posts only, and the path that it posts to.</summary>
    public async Task<(Device Device, string Path)> AddListenerAsync(string serial, Action<DeviceRow>? change = null)
    {
        var token = PushToken.New();
        var row = new DeviceRow { Id = DeviceRegistry.NewId(), Tenant = Tenant, Protocol = DeviceProtocol.Isapi, Serial = serial, State = DeviceState.Approved, CredentialSha256 = PushToken.HashOf(token) };
        change?.Invoke(row);
        return (await Registry.AddAsync(row), PushToken.PathOf(token));
    }

    public Task<DeviceReply> PostAsync(string path, string contentType, byte[] body, string method = "POST", IPAddress? from = null) => Service.Listener.HandleAsync(
        new DeviceRequest(method, path, "", new Dictionary<string, string> { ["content-type"] = contentType }, body, from ?? IPAddress.Loopback), CancellationToken.None);

    public void AddPerson(string number, bool isBlocked = false, bool hasConsent = true) =>
        _people[number] = new DoorPerson(new KnownPerson("per-" + number, Tenant, number, $"Name of {number}", isBlocked), hasConsent);

    /// <summary>All that is stored, in its order.</summary>
    public async Task<List<DeviceEventRow>> StoredAsync()
    {
        var rows = new List<DeviceEventRow>();
        await foreach (var row in Events.ReadAsync(new DeviceEventQuery(Tenant)))
            rows.Add(row);
        return rows;
    }

    /// <summary>Serials that are stored of a device, in order; a question's with its letter.</summary>
    public async Task<List<string>> SerialsAsync() => [.. (await StoredAsync()).Select(row => row.DeduplicationKey.Split('/')[0] + (row.DeduplicationKey.Contains("/q", StringComparison.Ordinal) ? "q" : ""))];

    /// <summary>Ends when so many events were stored since the beginning, over restarts.</summary>
    public Task WhenStoredAsync(int count) => WhenAsync(() => _stored >= count, () => $"{count} stored events; there are {_stored}");

    /// <summary>Ends when it is so with a device.</summary>
    public async Task<IsapiStatus> WhenAsync(Device device, Func<IsapiStatus, bool> isSo, string what)
    {
        await WhenAsync(() => _statuses.TryGetValue(device.Id, out var status) && isSo(status), () => $"{what}; it is {(_statuses.TryGetValue(device.Id, out var status) ? $"{status.Phase}: {status.Words}" : "nothing yet")}");
        return _statuses[device.Id];
    }

    public Task<IsapiStatus> WhenAsync(Device device, IsapiPhase phase) => WhenAsync(device, status => status.Phase == phase, $"phase {phase}");

    /// <summary>Ends when it is on the disk that the log is known up to this serial.</summary>
    public Task WhenKnownAsync(Device device, long serial) => WhenReadAsync(
        async () => await new DeviceStore(this, Time).FindAsync(device.Id) is { } row && IsapiCursor.Read(row.Cursor).Serial == serial ? row : null, $"the log to be known up to serial {serial}");

    /// <summary>Ends when a command has ended.</summary>
    public Task<DeviceCommandRow> WhenEndedAsync(string deviceId, long id) =>
        WhenReadAsync(async () => (await Commands.ListAsync(deviceId, 100)).FirstOrDefault(row => row.Id == id && row.EndedAt is not null), $"the end of command {id}");

    /// <summary>Ends when a device is being told a command.</summary>
    public Task<DeviceCommandRow> WhenSentAsync(string deviceId, long id) =>
        WhenReadAsync(async () => (await Commands.ListAsync(deviceId, 100)).FirstOrDefault(row => row.Id == id && row.State == DeviceCommandState.Sent), $"command {id} to be told");

    public async Task<DeviceCommandRow> TellAsync(Device device, string kind, object arguments) =>
        await WhenEndedAsync(device.Id, (await Commands.AddAsync(device.Id, kind, arguments, TimeSpan.FromMinutes(5))).Id);

    /// <summary>Moves a clock that stands still on, second by second, until it is so; how long that may take is the task's.</summary>
    public static async Task AdvanceUntilAsync(FakeTimeProvider time, Task isSo)
    {
        while (!isSo.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(isSo, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System));
        }

        await isSo;
    }

    public static async Task<T> WithinAsync<T>(Task<T> task, string what)
    {
        await WithinAsync((Task)task, what);
        return await task;
    }

    public static async Task WithinAsync(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Waited in vain for {what}.", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        DiskFails = false;
        await StopAsync();
        Keys.Dispose();
        _keyStore?.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    ValueTask<DoorPerson?> IDoorPeople.FindAsync(string tenant, string number, CancellationToken cancellationToken) => ValueTask.FromResult(_people.GetValueOrDefault(number));

    Task<string?> IEventPictures.KeepAsync(string tenant, string deviceId, string key, ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        var name = $"{deviceId}-{key.Replace('/', '-')}";
        name = name[..Math.Min(64, name.Length)];
        _pictures[name] = picture.ToArray();
        return Task.FromResult<string?>(name);
    }

    Task<byte[]?> IEventPictures.ReadAsync(string tenant, string name, CancellationToken cancellationToken) => Task.FromResult(_pictures.GetValueOrDefault(name));

    Task<FaceVerification> IFaceVerifier.VerifyAsync(Device device, string personNumber, ReadOnlyMemory<byte> jpeg, CancellationToken cancellationToken) => Faces!(personNumber, cancellationToken);

    public void AddPicture(string name, byte[] jpeg) => _pictures[name] = jpeg;

    // For what nothing rings but the database.
    private static async Task<T> WhenReadAsync<T>(Func<Task<T?>> read, string what)
        where T : class
    {
        // Also while the site's own clock stands still.
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Limit)
        {
            if (await read() is { } found)
                return found;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        throw new TimeoutException($"Waited in vain for {what}.");
    }

    private async Task WhenAsync(Func<bool> isReached, Func<string> what)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (isReached())
                return;
            _waiting.Add((isReached, reached));
        }

        try
        {
            await reached.Task.WaitAsync(Limit);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Waited in vain for {what()}.", late);
        }
    }

    private void Look(Action change)
    {
        lock (_gate)
        {
            change();
            foreach (var (_, reached) in _waiting.Where(waiting => waiting.IsReached()))
                reached.TrySetResult();
            _waiting.RemoveAll(waiting => waiting.Reached.Task.IsCompleted);
        }
    }

    private sealed class FailingSaves : SaveChangesInterceptor
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Fails { get; set; }

        public Task? Gate { get; set; }

        public Task Asked => _asked.Task;

        public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (Gate is { } gate)
            {
                _asked.TrySetResult();
                await gate;
            }

            return Fails ? throw new IOException("No space left on device.") : result;
        }
    }
}
