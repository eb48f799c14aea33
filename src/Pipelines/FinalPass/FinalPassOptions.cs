using System.ComponentModel.DataAnnotations;

namespace MediaScore.Pipelines.FinalPass;

/// <summary>What follows the end of an interview: filling what was missed live, hearing it again with a larger recogniser, comparing answers with the plan. Section <c>FinalPass</c>.</summary>
public sealed class FinalPassOptions
{
    /// <summary>
    /// Interviews whose final pass runs at once. Default 2. The others wait: at most twice as many in memory, and those whose client is still connected; the rest on disk.
    /// With 0 none runs here: they stay unfinished until a process with another setting takes them up.
    /// </summary>
    // All passes share one thread, so more of them take no more of it; the second one reads while the first waits for the models.
    [Range(0, 16)] public int Concurrency { get; set; } = 2;
}
