using MediaScore.Assessment.Plans;
using MediaScore.TestMedia;

namespace MediaScore.Assessment.Tests.Plans;

/// <summary>The plans of the repository.</summary>
internal static class SamplePlans
{
    public static readonly string Folder = Path.Combine(SharedTestData.RepositoryRoot, "plans");

    public static string StoreManagerYaml { get; } = File.ReadAllText(Path.Combine(Folder, "store-manager.yaml"));

    public static InterviewPlan StoreManager { get; } = PlanParser.Parse(StoreManagerYaml).Plan ?? throw new InvalidOperationException("plans/store-manager.yaml has faults.");
}
