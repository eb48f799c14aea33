using System.Text;

namespace MediaScore.Assessment.Plans;

/// <summary>Reads a plan from YAML (plans/plan.schema.json, docs/formats/plan.md) and names every fault of it at once.</summary>
public static class PlanParser
{
    /// <summary>Largest plan, bytes of UTF-8: the largest that <c>CreateInterview</c> takes.</summary>
    public const int MaxBytes = 256 * 1024;

    public static PlanParseResult Parse(ReadOnlySpan<byte> yamlUtf8) => Parse(Encoding.UTF8.GetString(yamlUtf8));

    public static PlanParseResult Parse(string yaml) => throw new NotSupportedException("The plan parser lands with the next change.");
}
