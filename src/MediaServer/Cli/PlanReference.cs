using System.Text;
using MediaScore.Protocol.Interview.V1;

namespace MediaScore.MediaServer.Cli;

/// <summary>A plan as the command line names it: a file here, or the id of one that the server has.</summary>
internal static class PlanReference
{
    /// <exception cref="CliException">It looks like a file, and there is none.</exception>
    public static async Task SetAsync(CreateInterviewRequest request, string plan, CancellationToken cancellation)
    {
        if (File.Exists(plan))
            request.PlanYaml = await File.ReadAllTextAsync(plan, Encoding.UTF8, cancellation);
        else if (plan.Contains('/', StringComparison.Ordinal) || plan.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase))
            throw new CliException(ExitCode.BadInput, $"--plan {plan}: there is no such file.");
        else
            request.PlanId = plan;
    }
}
