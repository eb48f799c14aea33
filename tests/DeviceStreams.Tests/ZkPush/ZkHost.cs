using System.Net;
using System.Text;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Http;
using MediaScore.DeviceStreams.Registry;
using MediaScore.DeviceStreams.ZkPush;
using MediaScore.Keys;
using MediaScore.Storage;
using MediaScore.Storage.Devices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.ZkPush;

/// <summary>A PUSH server on a real database in a folder of its own, which can be stopped, started again, and made to fail.</summary>
internal sealed class ZkHost : IAsyncDisposable, IDbContextFactory<MediaScoreDbContext>
{
    public const string Attendance = "ZKSIM0000001";
    public const string Access = "ZKSIM0000002";

    private readonly string _root = Directory.CreateTempSubdirectory("mediascore-zk-").FullName;
    private readonly FailingSaves _saves = new();
    private readonly DbContextOptions<MediaScoreDbContext> _database;
    private KeyStore? _keyStore;

    private ZkHost()
    {
        var options = new DbContextOptionsBuilder<MediaScoreDbContext>();
        InterviewDatabase.Configure(options, Path.Combine(_root, "test.db"));
        _database = options.AddInterceptors(_saves).Options;
    }

    /// <summary>After every time in the fixtures.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero));

    public DeviceOptions Devices { get; } = new() { ApproveNewcomers = true };

    public ZkPushOptions Options { get; } = new();

    public FakeLogger<ZkPushServer> Log { get; } = new();

    public MemoryPictures Pictures { get; } = new();

    public MemoryPeople People { get; } = new();

    public DeviceRegistry Registry { get; private set; } = null!;

    public CommandQueue Commands { get; private set; } = null!;

    public EventJournal Journal { get; private set; } = null!;

    public DeviceEventStore Events { get; private set; } = null!;

    public TenantKeys Keys { get; private set; } = null!;

    public ZkPushServer Server { get; private set; } = null!;

    /// <summary>Nothing can be written any more: database, pictures, people.</summary>
    public bool Fails
    {
        get => _saves.Fails;
        set => _saves.Fails = Pictures.Fails = People.Fails = value;
    }

    public static async Task<ZkHost> StartAsync(Action<ZkHost>? configure = null)
    {
        var host = new ZkHost();
        configure?.Invoke(host);
        await using (var context = host.CreateDbContext())
        {
            await context.Database.EnsureCreatedAsync();
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;");
        }

        host._keyStore = await KeyStore.OpenAsync(new KeyOptions { Folder = Path.Combine(host._root, "keys"), MasterKeyVariable = "MEDIASCORE_TEST_MASTER_KEY_UNSET" });
        host.Keys = new TenantKeys(host._keyStore);
        await host.BeginAsync();
        return host;
    }

    /// <summary>The process is gone, and another one begins: only what is on the disk is still there.</summary>
    public async Task RestartAsync()
    {
        Server.Dispose();
        await Journal.DisposeAsync();
        await BeginAsync();
    }

    public MediaScoreDbContext CreateDbContext() => new(_database);

    public Task<Device> AddAsync(string serial, ZkDialect dialect, string zone = "") => Registry.AddAsync(new DeviceRow
    {
        Id = DeviceRegistry.NewId(),
        Tenant = Devices.Tenant,
        Protocol = dialect == ZkDialect.Access ? DeviceProtocol.ZkAccess : DeviceProtocol.ZkAttendance,
        Serial = serial,
        State = DeviceState.Approved,
        TimeZone = zone,
    });

    public Task<DeviceReply> GetAsync(string pathAndQuery) => SendAsync("GET", pathAndQuery, "");

    public Task<DeviceReply> PostAsync(string pathAndQuery, string body) => SendAsync("POST", pathAndQuery, body);

    public Task<DeviceReply> SendAsync(string method, string pathAndQuery, string body, IPAddress? from = null)
    {
        var target = pathAndQuery.Split('?', 2);
        return Server.HandleAsync(
            new DeviceRequest(method, target[0], target.Length > 1 ? target[1] : "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body), from ?? IPAddress.Loopback), CancellationToken.None);
    }

    /// <summary>Everything stored, in order.</summary>
    public async Task<List<DeviceEventRow>> EventsAsync()
    {
        var events = new List<DeviceEventRow>();
        await foreach (var happened in Events.ReadAsync(new DeviceEventQuery(Devices.Tenant)))
            events.Add(happened);
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        Fails = false;
        Server.Dispose();
        await Journal.DisposeAsync();
        Keys.Dispose();
        _keyStore?.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
    }

    private async Task BeginAsync()
    {
        Registry = new DeviceRegistry(new DeviceStore(this, Time), Devices, Time);
        await Registry.LoadAsync();
        Commands = new CommandQueue(new DeviceCommandStore(this, Time));
        Events = new DeviceEventStore(this, Time);
        Journal = new EventJournal(Events);
        Server = new ZkPushServer(new ZkPushServices(Registry, Commands, Journal, Pictures, People, Keys, Devices, Options, Time, Log));
    }
}
