using Grpc.Net.Client;
using MediaScore.MediaServer.Hosting;
using MediaScore.Protocol.Interview.V1;
using MediaScore.TestMedia;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaScore.MediaServer.Tests.Support;

/// <summary>A real server in this process on free ports, with real models, its data in a folder of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string ModelsSkipReason = "Needs the prepared models: mediascore models prepare, or set MEDIASCORE_MODELS.";

    private readonly bool _ownsFolder;

    private TestServer(MediaServerHost host, string dataFolder, bool ownsFolder)
    {
        (Host, DataFolder, _ownsFolder) = (host, dataFolder, ownsFolder);
        Channel = GrpcChannel.ForAddress(host.Addresses.Grpc);
        Client = new InterviewService.InterviewServiceClient(Channel);
        // Redirects are answers to look at.
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(host.Addresses.Http) };
    }

    public static bool HasModels { get; } = File.Exists(Path.Combine(SharedTestData.PreparedModels, "silero-vad", "model.onnx"));

    public MediaServerHost Host { get; }

    public string DataFolder { get; }

    public GrpcChannel Channel { get; }

    public InterviewService.InterviewServiceClient Client { get; }

    public HttpClient Http { get; }

    /// <param name="dataFolder">Of an earlier server, to go on with; null: a new one, removed at the end.</param>
    public static async Task<TestServer> StartAsync(string? dataFolder = null, params (string Key, string Value)[] settings)
    {
        var folder = dataFolder ?? Directory.CreateTempSubdirectory("mediascore-server-").FullName;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings(folder)).AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build();
        var host = await MediaServerHost.StartAsync(configuration, NullLoggerFactory.Instance, TimeProvider.System, TestContext.Current.CancellationToken);
        return new TestServer(host, folder, dataFolder is null);
    }

    private static IReadOnlyList<KeyValuePair<string, string?>> Settings(string dataFolder) =>
    [
        new("Server:DataFolder", dataFolder),
        new("Server:HttpPort", "0"),
        new("Server:GrpcPort", "0"),
        new("WebRtc:UdpPort", "0"),
        new("WebRtc:TcpPort", "0"),
        new("Server:HttpsPort", "-1"),
        new("Server:PlansFolder", Path.Combine(SharedTestData.RepositoryRoot, "plans")),
        new("Models:Prepared", SharedTestData.PreparedModels),
        new("Models:Catalog", Path.Combine(SharedTestData.RepositoryRoot, "models", "catalog.json")),
        // The machine that runs the tests may be full of other things.
        new("Admission:MinFreeDiskMiB", "0"),
        new("Admission:JudgeLoad", "false"),
    ];

    public Task<CreateInterviewResponse> CreateAsync(Action<CreateInterviewRequest>? change = null)
    {
        var request = new CreateInterviewRequest { Tenant = "acme", PlanId = "store-manager", Language = "en", CandidateReference = "c-1" };
        request.Consent.AddRange([Modality.Audio, Modality.Video, Modality.Transcript, Modality.Prosody, Modality.FacePresence, Modality.Text]);
        change?.Invoke(request);
        return Client.CreateInterviewAsync(request, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync;
    }

    /// <summary>Changes the database behind the server's back.</summary>
    public Task ExecuteAsync(string sql) => ExecuteAsync(DataFolder, sql);

    /// <summary>Changes the database while no server has it.</summary>
    public static async Task ExecuteAsync(string dataFolder, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(dataFolder, "mediascore.db")}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        Http.Dispose();
        await Host.DisposeAsync();
        if (_ownsFolder)
            Directory.Delete(DataFolder, recursive: true);
    }
}

/// <summary>One server for all tests that change nothing of it; null where this machine has no models.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal TestServer? Server { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (TestServer.HasModels)
            Server = await TestServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }

    internal TestServer Require()
    {
        Assert.SkipWhen(Server is null, TestServer.ModelsSkipReason);
        return Server;
    }
}
