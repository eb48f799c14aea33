using MediaScore.Inference;
using MediaScore.MediaServer.Configuration;
using MediaScore.MediaServer.Diagnosis;
using MediaScore.Pipelines.FinalPass;
using MediaScore.Recording;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Sessions.Capacity;

/// <summary>Who is admitted, and what that is judged by.</summary>
internal static class AdmissionServices
{
    public static void AddAdmission(
        this IServiceCollection services, IConfiguration configuration, TimeProvider time, InferencePool pool, GroupCommitter committer, string dataFolder)
    {
        services.AddOptions<AdmissionOptions>().Bind(configuration.GetSection(AdmissionOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AdmissionOptions>>(new AttributeValidator<AdmissionOptions>(AdmissionOptions.Section));
        services.AddSingleton(sp =>
        {
            var registry = sp.GetRequiredService<SessionRegistry>();
            return new AdmissionController(sp.GetRequiredService<IOptions<AdmissionOptions>>().Value, () => registry.TakenPlaces, () => registry.Version, time);
        });
        services.AddSingleton(sp =>
        {
            var options = sp.GetRequiredService<IOptions<AdmissionOptions>>().Value;
            var registry = sp.GetRequiredService<SessionRegistry>();
            var finalPasses = sp.GetRequiredService<FinalPassQueue>();
            return new CapacityMonitor(
                sp.GetRequiredService<AdmissionController>(),
                new CapacityEstimator(options, CpuQuota.Read(), MachineCpu.Read()?.CpuCount ?? Environment.ProcessorCount, pool.WorkerCount),
                new LoadProbe(CpuClocks.Read, pool.Snapshot, () => finalPasses.CpuTime, () => committer.Statistics, registry.CountConnected, time),
                options,
                () => DiskSpace.FreeMiB(dataFolder),
                () => pool.Faults,
                time,
                sp.GetRequiredService<ILogger<CapacityMonitor>>());
        });
        services.AddHostedService(sp => sp.GetRequiredService<CapacityMonitor>());
    }
}
