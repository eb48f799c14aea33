using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Keys;
using MediaScore.Storage;
using MediaScore.Storage.Devices;
using MediaScore.Storage.People;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MediaScore.DeviceStreams.Tests.Gallery;

/// <summary>A database and keys in a folder of their own, and a process that works on them. <see cref="BesideAsync"/> is another process on the same.</summary>
internal sealed class Site : IAsyncDisposable
{
    public const string Tenant = "site";

    private readonly bool _ownsFolder;
    private readonly KeyStore _keyStore;

    private Site(string folder, bool ownsFolder, KeyStore keyStore, FakeTimeProvider time, ScriptedFaces faces, GalleryOptions options)
    {
        (Folder, _ownsFolder, _keyStore, Time, Faces, Options) = (folder, ownsFolder, keyStore, time, faces, options);
        Contexts = InterviewDatabase.CreateFactory(DatabasePath);
        Keys = new TenantKeys(keyStore);
        Store = new PersonStore(Contexts, time);
        Devices = new DeviceStore(Contexts, time);
        Commands = new DeviceCommandStore(Contexts, time);
        Directory = new PeopleDirectory(Store, Keys, Devices, new CommandQueue(Commands));
        Gallery = new FaceGallery(Store, Keys, () => Faces.Embedder, options, time, Log);
        Enrolment = new Enrolment(Store, Gallery, Keys, Faces, options);
    }

    public string Folder { get; }

    public string DatabasePath => Path.Combine(Folder, "mediascore.db");

    public IDbContextFactory<MediaScoreDbContext> Contexts { get; }

    public FakeTimeProvider Time { get; }

    public ScriptedFaces Faces { get; }

    public GalleryOptions Options { get; }

    public FakeLogger<FaceGallery> Log { get; } = new();

    public TenantKeys Keys { get; }

    public PersonStore Store { get; }

    public DeviceStore Devices { get; }

    public DeviceCommandStore Commands { get; }

    public PeopleDirectory Directory { get; }

    public FaceGallery Gallery { get; }

    public Enrolment Enrolment { get; }

    public static async Task<Site> OpenAsync(GalleryOptions? options = null)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("mediascore-gallery-").FullName;
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var site = new Site(folder, true, await OpenKeysAsync(folder), time, new ScriptedFaces(), options ?? new GalleryOptions());
        await using var context = await site.Contexts.CreateDbContextAsync();
        await context.Database.EnsureCreatedAsync();
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;");
        await site.Gallery.LoadAsync(default);
        return site;
    }

    /// <summary>Another process on the same database, keys and models.</summary>
    public async Task<Site> BesideAsync(GalleryOptions? options = null)
    {
        var site = new Site(Folder, false, await OpenKeysAsync(Folder), Time, Faces, options ?? Options);
        await site.Gallery.LoadAsync(default);
        return site;
    }

    /// <summary>Somebody who agreed.</summary>
    public async Task AddAsync(string number, bool consents = true)
    {
        await Directory.SetAsync(Tenant, number, $"Name of {number}");
        if (consents)
            await Directory.GiveConsentAsync(Tenant, number, "paper, file 12");
    }

    /// <summary>Somebody who agreed, with this face, from a picture of this shade.</summary>
    public async Task<EnrolmentResult> EnrolAsync(string number, int shade, float[] embedding)
    {
        if (await Directory.FindAsync(Tenant, number) is null)
            await AddAsync(number);
        Faces.Show(shade, embedding);
        return await EnrolAsync(number, shade);
    }

    public Task<EnrolmentResult> EnrolAsync(string number, int shade) => Enrolment.EnrolAsync(Tenant, number, ScriptedFaces.Picture(shade), "webcam", default);

    public async ValueTask DisposeAsync()
    {
        Gallery.Dispose();
        Store.Dispose();
        Keys.Dispose();
        _keyStore.Dispose();
        if (!_ownsFolder)
            return;
        await Task.Yield();
        SqliteConnection.ClearAllPools();
        System.IO.Directory.Delete(Folder, recursive: true);
    }

    // A name of its own: whoever runs the tests may have a master key in the usual one.
    private static Task<KeyStore> OpenKeysAsync(string folder) =>
        KeyStore.OpenAsync(new KeyOptions { Folder = Path.Combine(folder, "keys"), MasterKeyVariable = "MEDIASCORE_TESTS_HAVE_NO_MASTER_KEY" });
}
