using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Storage;
using MediaScore.Storage.Devices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.DeviceStreams.Tests.Support;

/// <summary>The part of a server that devices talk to, on a real database in a folder of its own. It can be restarted in the middle.</summary>
internal sealed class DeviceSite : IAsyncDisposable
{
    public const string Tenant = "default";

    // A wait that ends here has failed, and says what for; nothing is decided by it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("mediascore-devices-").FullName;
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _stored;

    private DeviceSite(TimeProvider time, DeviceOptions options) => (Time, Options) = (time, options);

    public TimeProvider Time { get; }

    public DeviceOptions Options { get; }

    public IDbContextFactory<MediaScoreDbContext> Contexts { get; private set; } = null!;

    public DeviceRegistry Registry { get; private set; } = null!;

    public CommandQueue Commands { get; private set; } = null!;

    public EventJournal Journal { get; private set; } = null!;

    public DeviceEventStore Events { get; private set; } = null!;

    public static async Task<DeviceSite> OpenAsync(TimeProvider? time = null, DeviceOptions? options = null)
    {
        var site = new DeviceSite(time ?? TimeProvider.System, options ?? new DeviceOptions());
        site.Contexts = InterviewDatabase.CreateFactory(Path.Combine(site._folder, "mediascore.db"));
        await using (var context = await site.Contexts.CreateDbContextAsync())
        {
            await context.Database.EnsureCreatedAsync();
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;");
        }

        await site.StartAsync();
        return site;
    }

    /// <summary>Another process on the same database.</summary>
    public async Task RestartAsync()
    {
        await Journal.DisposeAsync();
        await StartAsync();
    }

    /// <summary>A device that a person knows already.</summary>
    public Task<Device> ApproveAsync(DeviceProtocol protocol, string serial, string? key = null, string tenant = Tenant) => Registry.AddAsync(new DeviceRow
    {
        Id = DeviceRegistry.NewId(),
        Tenant = tenant,
        Protocol = protocol,
        Serial = serial,
        State = DeviceState.Approved,
        CredentialSha256 = key is null ? null : DeviceCredentials.OfKey(key),
    });

    /// <summary>All that is stored, oldest first.</summary>
    public async Task<IReadOnlyList<DeviceEventRow>> StoredAsync(string tenant = Tenant)
    {
        var rows = new List<DeviceEventRow>();
        await foreach (var row in Events.ReadAsync(new DeviceEventQuery(tenant)))
            rows.Add(row);
        return rows;
    }

    /// <summary>Ends when so many events were stored since the beginning.</summary>
    public async Task WhenStoredAsync(int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stored >= count)
                return;
            _waiting.Add((count, reached));
        }

        await WithinAsync(reached.Task, () => $"{count} stored events; there are {Volatile.Read(ref _stored)}");
    }

    /// <summary>Awaits what has to come.</summary>
    public static async Task WithinAsync(Task task, Func<string> what)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Waited in vain for {what()}.", late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        Registry = new DeviceRegistry(new DeviceStore(Contexts, Time), Options, Time);
        await Registry.LoadAsync();
        Commands = new CommandQueue(new DeviceCommandStore(Contexts, Time));
        Events = new DeviceEventStore(Contexts, Time);
        Journal = new EventJournal(Events);
        Journal.Stored += rows => Count(rows.Count);
    }

    private void Count(int count)
    {
        lock (_gate)
        {
            _stored += count;
            foreach (var (_, reached) in _waiting.Where(w => w.Count <= _stored))
                reached.TrySetResult();
            _waiting.RemoveAll(w => w.Count <= _stored);
        }
    }
}
