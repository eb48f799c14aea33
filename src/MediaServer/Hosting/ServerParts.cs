using MediaScore.Keys;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Sessions;
using MediaScore.Storage;
using Microsoft.EntityFrameworkCore;

namespace MediaScore.MediaServer.Hosting;

/// <summary>What lies in the data folder: keys, database, interviews. Opened alike by the server and by commands that only read.</summary>
internal sealed class ServerParts : IDisposable
{
    private ServerParts(string dataFolder, KeyStore keys, IDbContextFactory<MediaScoreDbContext> contexts, TimeProvider time)
    {
        (DataFolder, Keys, Contexts, TenantKeys) = (dataFolder, keys, contexts, new TenantKeys(keys));
        Store = new InterviewStore(contexts, time);
        Reports = new InterviewReports(keys, InterviewsRoot);
    }

    public string DataFolder { get; }

    public KeyStore Keys { get; }

    /// <summary>For what belongs to a tenant and to no interview: people's names, faces, logins of devices.</summary>
    public TenantKeys TenantKeys { get; }

    public IDbContextFactory<MediaScoreDbContext> Contexts { get; }

    public InterviewStore Store { get; }

    public InterviewReports Reports { get; }

    /// <summary>One folder an interview.</summary>
    public string InterviewsRoot => Path.Combine(DataFolder, "interviews");

    /// <summary>Pictures that devices sent with events.</summary>
    public string DevicePicturesFolder => Path.Combine(DataFolder, "device-pictures");

    /// <summary>Opens the data folder, made at first use.</summary>
    public static async Task<ServerParts> OpenAsync(IConfiguration configuration, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var dataFolder = MediaScoreHome.Resolve(MediaScoreSettings.Get<ServerOptions>(configuration, ServerOptions.Section).DataFolder);
        CreatePrivate(dataFolder);
        var keyOptions = MediaScoreSettings.Get<KeyOptions>(configuration, "Keys");
        // Keys follow the data folder unless they are named: a second data folder must not share the first one's keys by accident.
        keyOptions.Folder = configuration["Keys:Folder"] is { Length: > 0 } named ? MediaScoreHome.Resolve(named) : Path.Combine(dataFolder, "keys");
        var keys = await KeyStore.OpenAsync(keyOptions, loggers.CreateLogger<KeyStore>(), cancellation);
        try
        {
            var contexts = InterviewDatabase.CreateFactory(Path.Combine(dataFolder, "mediascore.db"));
            await InterviewDatabase.MigrateAsync(contexts, cancellation);
            var parts = new ServerParts(dataFolder, keys, contexts, time);
            CreatePrivate(parts.InterviewsRoot);
            return parts;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        TenantKeys.Dispose();
        Keys.Dispose();
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
