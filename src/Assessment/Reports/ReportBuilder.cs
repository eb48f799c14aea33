using MediaScore.Assessment.Plans;
using MediaScore.Timeline;

namespace MediaScore.Assessment.Reports;

/// <summary>Makes the report of one interview. Pure: the same observations in any order and number give the same report.</summary>
public static class ReportBuilder
{
    /// <param name="plan">The plan the interview was held by (<see cref="InterviewStarted.PlanSha256"/>).</param>
    /// <param name="timeline">Every observation; duplicates and any order are fine.</param>
    public static InterviewReport Build(InterviewPlan plan, IReadOnlyList<Observation> timeline, ReportMetadata metadata) =>
        throw new NotSupportedException("The report builder lands with the next change.");
}
