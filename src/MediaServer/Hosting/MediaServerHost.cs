using MediaScore.DeviceStreams;
using MediaScore.Inference;
using MediaScore.MediaServer.Api;
using MediaScore.MediaServer.Api.Candidate;
using MediaScore.MediaServer.Api.Devices;
using MediaScore.MediaServer.Api.Live;
using MediaScore.MediaServer.Cli;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Diagnosis;
using MediaScore.MediaServer.Hosting.Https;
using MediaScore.MediaServer.Ingress.Devices;
using MediaScore.MediaServer.Ingress.Grpc;
using MediaScore.MediaServer.Ingress.Whip;
using MediaScore.MediaServer.Observability;
using MediaScore.MediaServer.Sessions;
using MediaScore.MediaServer.Sessions.Capacity;
using MediaScore.Pipelines;
using MediaScore.Pipelines.Audio;
using MediaScore.Pipelines.FinalPass;
using MediaScore.Pipelines.Session;
using MediaScore.Pipelines.Video;
using MediaScore.Recording;
using MediaScore.Web;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Hosting;

/// <summary>A whole server in this process: composition only. Dispose it to stop it in good order; unfinished interviews go on in the next process.</summary>
internal sealed class MediaServerHost : IAsyncDisposable
{
    // Decoding a picture holds a thread for milliseconds. With one thread a core, a refusal waits behind several of them; with more, the kernel lets who only wants a moment go first.
    // Measured in docs/decisions/0007-host-settings.md.
    private const int ThreadsPerCore = 8;

    private readonly WebApplication _app;
    private readonly ServerParts _parts;
    private readonly ModelSet _models;
    private readonly GroupCommitter _committer;
    private int _disposed;

    private MediaServerHost(
        WebApplication app, ServerParts parts, ModelSet models, DeviceParts devices, DeviceProtocols protocols, GroupCommitter committer, PipelineCosts costs, WebRtcEndpoint webRtc) =>
        (_app, _parts, _models, Devices, Protocols, _committer, Costs, WebRtc, FinalPasses) =
            (app, parts, models, devices, protocols, committer, costs, webRtc, app.Services.GetRequiredService<FinalPassQueue>());

    public ServerAddresses Addresses => _app.Services.GetRequiredService<ServerAddresses>();

    /// <summary>Null where the HTTPS port is off.</summary>
    public HttpsCertificate? Certificate => _app.Services.GetService<HttpsCertificate>();

    /// <summary>Secret: opens the live page.</summary>
    public string ConsoleToken => _app.Services.GetRequiredService<ConsoleAccess>().Token;

    /// <summary>For tests that look behind the pages.</summary>
    public IServiceProvider Services => _app.Services;

    public ServerReadiness Readiness => _app.Services.GetRequiredService<ServerReadiness>();

    /// <summary>Fires when the process was told to stop (SIGTERM, Ctrl+C): the host takes those signals, so whoever works beside it has to listen here.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public SessionRegistry Registry => _app.Services.GetRequiredService<SessionRegistry>();

    public InterviewConductor Conductor => _app.Services.GetRequiredService<InterviewConductor>();

    public WhipResources WhipResources => _app.Services.GetRequiredService<WhipResources>();

    public CandidateControl Control => _app.Services.GetRequiredService<CandidateControl>();

    public ServerParts Parts => _parts;

    /// <summary>Terminals, badges, sensors, and whom doors know.</summary>
    public DeviceParts Devices { get; }

    /// <summary>What devices speak beside our own stream.</summary>
    public DeviceProtocols Protocols { get; }

    /// <summary>Where candidates' media arrive.</summary>
    public WebRtcEndpoint WebRtc { get; }

    /// <summary>What the inference pool has done since the start.</summary>
    public PoolStatistics Pool => _models.Pool.Snapshot();

    /// <summary>What follows the end of interviews.</summary>
    public FinalPassQueue FinalPasses { get; }

    /// <summary>CPU time of the stages outside the pool.</summary>
    public PipelineCosts Costs { get; }

    /// <summary>Opens the data folder, loads the models, takes up unfinished interviews and listens.</summary>
    public static async Task<MediaServerHost> StartAsync(IConfiguration configuration, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation)
    {
        RaiseThreadCount();
        var parts = await ServerParts.OpenAsync(configuration, time, loggers, cancellation);
        ModelSet? models = null;
        DeviceParts? devices = null;
        DeviceProtocols? protocols = null;
        GroupCommitter? committer = null;
        WebRtcEndpoint? webRtc = null;
        WebApplication? app = null;
        try
        {
            models = await Task.Run(() => ModelSet.Load(configuration, time, loggers), cancellation);
            devices = await DeviceServices.OpenAsync(configuration, parts, models, time, loggers, cancellation);
            committer = new GroupCommitter(time, MediaScoreSettings.Get<GroupCommitOptions>(configuration, "GroupCommit"), loggers.CreateLogger<GroupCommitter>());
            var costs = new PipelineCosts(time).Publish();
            webRtc = WebRtcEndpoint.Start(configuration, time, loggers);
            protocols = await DeviceServices.StartAsync(configuration, devices, time, loggers);
            app = Build(configuration, loggers, time, parts, models, devices, protocols, committer, costs, webRtc);
            var host = new MediaServerHost(app, parts, models, devices, protocols, committer, costs, webRtc);
            await app.StartAsync(cancellation);
            Listeners.Publish(
                host.Addresses, [.. app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses], app.Services.GetRequiredService<IOptions<ServerOptions>>().Value);
            return host;
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            if (webRtc is not null)
                await webRtc.DisposeAsync();
            if (committer is not null)
                await committer.DisposeAsync();
            if (protocols is not null)
                await protocols.DisposeAsync();
            if (devices is not null)
                await devices.DisposeAsync();
            if (models is not null)
                await models.DisposeAsync();
            parts.Dispose();
            throw;
        }
    }

    /// <summary>Until the process is told to stop (SIGTERM, Ctrl+C) or <paramref name="cancellation"/> fires.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        await WebRtc.DisposeAsync();
        await _committer.DisposeAsync();
        await Protocols.DisposeAsync();
        await Devices.DisposeAsync();
        await _models.DisposeAsync();
        _parts.Dispose();
    }

    private static WebApplication Build(
        IConfiguration configuration, ILoggerFactory loggers, TimeProvider time, ServerParts parts, ModelSet models, DeviceParts devices, DeviceProtocols protocols, GroupCommitter committer,
        PipelineCosts costs, WebRtcEndpoint webRtc)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "mediascore", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        var services = builder.Services;
        services.AddSingleton(loggers);
        services.AddSingleton(time);
        AddOptions(services, configuration);
        AddSessions(services, configuration, loggers, time, parts, models, committer, costs);
        services.AddSingleton(webRtc);
        AddIngress(services);
        services.AddWhip(configuration);
        services.AddMediaScoreTelemetry();
        services.AddProblemDetails();
        services.AddRateLimits();
        services.AddCandidateApi(parts.DataFolder);
        services.AddDevices(devices, protocols);
        services.AddConsoleApi();
        // Streams end at once when the process stops; what takes longer is a page that somebody is still reading.
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));

        var server = MediaScoreSettings.Get<ServerOptions>(configuration, ServerOptions.Section);
        // Before the address is used: the host's own check comes with its start.
        if (new ServerOptionsValidator().Validate(null, server) is { Failed: true } faults)
            throw new CliException(ExitCode.BadInput, faults.FailureMessage);
        var certificate = server.HttpsPort < 0 ? null : new HttpsCertificate(server, parts.DataFolder, CertificateNames.OfThisMachine, time);
        if (certificate is not null)
        {
            services.AddSingleton(certificate);
            services.AddHostedService<HttpsCertificateRefresh>();
        }

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Configure(kestrel, server, certificate));

        var app = builder.Build();
        app.UseMiddleware<DevicePort>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HttpsPaths>();
        app.UseMiddleware<ConsoleOwnPages>();
        app.UseMiddleware<WrongTokenLimit>();
        app.UseStatusCodePages();
        app.UseRateLimiter();
        app.MapGrpcService<InterviewGrpcService>();
        app.MapGrpcService<DeviceIngress>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapReports();
        app.MapWhip();
        app.MapCandidatePage();
        app.MapConsolePage();
        app.MapCandidateApi();
        app.MapLive();
        app.MapConsoleApi();
        app.MapDeviceApi();
        app.MapDeviceApiDocument();
        app.MapTerminals(protocols.ZkPush, protocols.Isapi.Listener);
        app.MapIndex();

        var readiness = app.Services.GetRequiredService<ServerReadiness>();
        app.Services.GetRequiredService<MediaServerMeter>().Observe(
            app.Services.GetRequiredService<SessionRegistry>(), app.Services.GetRequiredService<AdmissionController>(), app.Services.GetRequiredService<CapacityMonitor>());
        var conductor = app.Services.GetRequiredService<InterviewConductor>();
        app.Lifetime.ApplicationStopping.Register(conductor.BeginStop);
        app.Lifetime.ApplicationStopping.Register(devices.BeginStop);
        app.Lifetime.ApplicationStopping.Register(() => webRtc.Loop?.BeginDrain());
        var cpu = CpuFlags.Read();
        HostLog.Processor(loggers.CreateLogger<MediaServerHost>(), InferencePool.Provider, models.Pool.WorkerCount, cpu.Model, cpu.Cores, cpu.Names, cpu.HasVnni);
        HostLog.Ready(loggers.CreateLogger<MediaServerHost>(), ProductVersion.Full, string.Join("; ", readiness.Reasons()));
        return app;
    }

    /// <summary>So many threads of the shared pool are started without hesitation. Never lowers what the runtime was told.</summary>
    private static void RaiseThreadCount()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, ThreadsPerCore * Environment.ProcessorCount), completions);
    }

    private static void AddOptions(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ServerOptions>().Bind(configuration.GetSection(ServerOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>();
        services.AddOptions<CandidateOptions>().Bind(configuration.GetSection(CandidateOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CandidateOptions>>(new AttributeValidator<CandidateOptions>(CandidateOptions.Section));
        services.AddOptions<StreamOptions>().Bind(configuration.GetSection(StreamOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StreamOptions>>(new AttributeValidator<StreamOptions>(StreamOptions.Section));
    }

    private static void AddSessions(
        IServiceCollection services, IConfiguration configuration, ILoggerFactory loggers, TimeProvider time, ServerParts parts, ModelSet models, GroupCommitter committer, PipelineCosts costs)
    {
        var finalPasses = new FinalPassQueue(MediaScoreSettings.Get<FinalPassOptions>(configuration, "FinalPass"), time).Publish();
        // Made by the container, so that it is disposed of with it, after the sessions.
        services.AddSingleton(_ => finalPasses);
        services.AddSingleton(parts.Store);
        services.AddSingleton(parts.Reports);
        services.AddSingleton(parts.Keys);
        services.AddSingleton(models);
        services.AddSingleton(new SessionServices
        {
            DataRoot = parts.InterviewsRoot,
            Keys = parts.Keys,
            Committer = committer,
            VoiceActivity = models.VoiceActivity,
            Recognizers = models.Recognizers,
            Encoder = models.Encoder,
            Faces = models.Faces,
            WhyNoFaces = models.WhyNoFaces,
            AudioOptions = MediaScoreSettings.Get<AudioPipelineOptions>(configuration, "Pipelines:Audio"),
            VideoOptions = MediaScoreSettings.Get<VideoPipelineOptions>(configuration, "Pipelines:Video"),
            Costs = costs,
            FinalPasses = finalPasses,
            Time = time,
            Loggers = loggers,
        });
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<MediaServerMeter>();
        services.AddAdmission(configuration, time, models.Pool, committer, parts.DataFolder);
        services.AddSingleton<ServerReadiness>();
        services.AddSingleton(sp => new ServerAddresses(sp.GetRequiredService<IOptions<ServerOptions>>().Value.PublicUrl));
        services.AddSingleton(sp => new PlanLibrary(MediaScoreHome.Resolve(sp.GetRequiredService<IOptions<ServerOptions>>().Value.PlansFolder)));
        services.AddSingleton(new ClipExporter(timeProvider: time));
        services.AddSingleton<InterviewConductor>();
        services.AddSingleton<CandidateControl>();
        services.AddHostedService(sp => sp.GetRequiredService<InterviewConductor>());
        services.AddSingleton<StopSignals>();
        services.AddSingleton<IHostLifetime>(sp => sp.GetRequiredService<StopSignals>());
        services.AddSingleton<StreamDrain>();
        services.AddHostedService(sp => sp.GetRequiredService<StreamDrain>());
    }

    private static void AddIngress(IServiceCollection services)
    {
        services.AddSingleton(sp => new CreateRules(sp.GetRequiredService<PlanLibrary>(), sp.GetRequiredService<IOptions<ServerOptions>>().Value));
        services.AddSingleton<PageRenderer>();
        services.AddSingleton<MediaStreamHandler>();
        services.AddSingleton<InterviewGrpcService>();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = StreamRules.MaxMessageBytes;
            grpc.Interceptors.Add<MetricsInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks().AddCheck<ReadinessCheck>("ready");
    }
}
