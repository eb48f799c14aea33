using MediaScore.DeviceStreams;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Hosting;
using MediaScore.MediaServer.Ingress.Devices;
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
        Store = new PersonStore(parts.Contexts, TimeProvider.System);
        Directory = new PeopleDirectory(Store, Keys, new DeviceStore(parts.Contexts, TimeProvider.System), new CommandQueue(new DeviceCommandStore(parts.Contexts, TimeProvider.System)));
    }

    public IConfiguration Configuration { get; }

    public string Tenant { get; }

    public TenantKeys Keys => _parts.TenantKeys;

    public PersonStore Store { get; }

    public PeopleDirectory Directory { get; }

    /// <exception cref="CliException">There is no data folder.</exception>
    public static async Task<PeopleFolder> OpenAsync(PeopleSettings settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var configuration = MediaScoreSettings.Build(settings);
        var parts = await StoredInterviews.OpenAsync(settings, loggers, cancellation);
        try
        {
            return new PeopleFolder(parts, configuration, settings.Tenant ?? MediaScoreSettings.Get<DeviceOptions>(configuration, DeviceServices.Section).Tenant);
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
        var seconds = MediaScoreSettings.Get<GalleryOptions>(Configuration, DeviceServices.GallerySection).RefreshSeconds;
        var rest = Store.LogHoldsErased ? " Somebody reads the database just now: its log keeps the sealed bytes until that ends." : "";
        return $"A server that runs beside this command forgets them within {seconds} s; terminals when they next ask for commands.{rest}";
    }

    public void Dispose()
    {
        Store.Dispose();
        _parts.Dispose();
    }
}
