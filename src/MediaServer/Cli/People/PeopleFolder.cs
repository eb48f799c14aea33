using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using MediaScore.Storage;
using MediaScore.Storage.Devices;
using MediaScore.Storage.People;

namespace MediaScore.MediaServer.Cli.People;

/// <summary>The people of a data folder, for one command. A server may run beside it: its gallery sees the changes within <c>Gallery:RefreshSeconds</c>.</summary>
internal sealed class PeopleFolder : IDisposable
{
    private readonly ServerParts _parts;

    private PeopleFolder(ServerParts parts, IConfiguration configuration, string tenant)
    {
        (_parts, Configuration, Tenant) = (parts, configuration, tenant);
        var contexts = InterviewDatabase.CreateFactory(Path.Combine(parts.DataFolder, "mediascore.db"));
        Keys = new TenantKeys(parts.Keys);
        Store = new PersonStore(contexts, TimeProvider.System);
        Directory = new PeopleDirectory(Store, Keys, new DeviceStore(contexts, TimeProvider.System), new CommandQueue(new DeviceCommandStore(contexts, TimeProvider.System)));
    }

    public IConfiguration Configuration { get; }

    public string Tenant { get; }

    public TenantKeys Keys { get; }

    public PersonStore Store { get; }

    public PeopleDirectory Directory { get; }

    /// <exception cref="CliException">There is no data folder.</exception>
    public static async Task<PeopleFolder> OpenAsync(PeopleSettings settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var configuration = MediaScoreSettings.Build(settings);
        var parts = await StoredInterviews.OpenAsync(settings, loggers, cancellation);
        try
        {
            return new PeopleFolder(parts, configuration, settings.Tenant ?? MediaScoreSettings.Get<DeviceOptions>(configuration, "Devices").Tenant);
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <exception cref="CliException">There is nobody with this number.</exception>
    public async Task<PersonEntry> RequireAsync(string number, CancellationToken cancellation) =>
        await Directory.FindAsync(Tenant, number, cancellation) ?? throw Nobody(number);

    public CliException Nobody(string number) => new(ExitCode.BadInput, $"There is nobody with number {number} in tenant '{Tenant}'. mediascore people list shows who there is.");

    /// <summary>What a command that erases has to say: where something may be left, and for how long.</summary>
    public string ErasureNote()
    {
        var seconds = MediaScoreSettings.Get<GalleryOptions>(Configuration, "Gallery").RefreshSeconds;
        var rest = Store.LogHoldsErased ? " Somebody reads the database just now: its log keeps the sealed bytes until that ends." : "";
        return $"A server that runs beside this command forgets them within {seconds} s; terminals when they next ask for commands.{rest}";
    }

    public void Dispose()
    {
        Store.Dispose();
        Keys.Dispose();
        _parts.Dispose();
    }
}
