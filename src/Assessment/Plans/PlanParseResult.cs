using System.Diagnostics.CodeAnalysis;

namespace MediaScore.Assessment.Plans;

/// <summary>A plan, or every reason why it is none.</summary>
/// <param name="Plan">Null when there are errors.</param>
/// <param name="Errors">In order of line.</param>
public sealed record PlanParseResult(InterviewPlan? Plan, IReadOnlyList<PlanError> Errors)
{
    [MemberNotNullWhen(true, nameof(Plan))]
    public bool IsValid => Plan is not null;
}

/// <summary>One fault of a plan.</summary>
/// <param name="Path">Where in the document: <c>stages[1].questions[0].next</c>; empty for the document itself.</param>
/// <param name="Line">From 1.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record PlanError(string Path, int Line, string Message)
{
    public override string ToString() => Path.Length == 0 ? $"line {Line}: {Message}" : $"line {Line}, {Path}: {Message}";
}
