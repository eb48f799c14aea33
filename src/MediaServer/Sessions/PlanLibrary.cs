using MediaScore.Assessment.Plans;

namespace MediaScore.MediaServer.Sessions;

/// <summary>The plans that callers may name by id: <c>FOLDER/ID.yaml</c>. Read at each call, so that a changed file counts at once; an interview keeps its own copy.</summary>
internal sealed class PlanLibrary(string folder)
{
    /// <returns>Null where there is no such plan.</returns>
    /// <exception cref="InvalidDataException">There is one, and it is at fault; the message lists every fault.</exception>
    public async Task<StoredPlan?> FindAsync(string planId, CancellationToken cancellation)
    {
        if (!IsValidId(planId))
            return null;
        var path = Path.Combine(folder, planId + ".yaml");
        if (!File.Exists(path))
            return null;
        var yaml = await File.ReadAllBytesAsync(path, cancellation);
        var result = PlanParser.Parse(yaml);
        return result.IsValid ? new StoredPlan(result.Plan, yaml) : throw new InvalidDataException($"plan '{planId}': {string.Join("; ", result.Errors)}");
    }

    /// <summary>Ids of all plan files, in ordinal order.</summary>
    public IReadOnlyList<string> List() => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Where(IsValidId).Order(StringComparer.Ordinal)];

    // It becomes part of a path.
    private static bool IsValidId(string id) => id.Length is >= 1 and <= 64 && id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
