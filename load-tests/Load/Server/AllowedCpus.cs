using System.Globalization;

namespace MediaScore.Load.Server;

/// <summary>The CPUs that this process and its children may run on: all of the machine, or those of <c>taskset</c> or of a container's set.</summary>
internal static class AllowedCpus
{
    private const string StatusName = "Cpus_allowed_list:";

    public static IReadOnlyList<int> OfThisProcess() =>
        File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(StatusName, StringComparison.Ordinal)) is { } line
            ? Parse(line[StatusName.Length..])
            : [.. Enumerable.Range(0, Environment.ProcessorCount)];

    /// <param name="list">"0-1,4", as cpuset(7) writes it.</param>
    public static IReadOnlyList<int> Parse(string list) =>
    [
        .. list.Trim().Split(',', StringSplitOptions.RemoveEmptyEntries).SelectMany(range =>
        {
            var ends = range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
        }),
    ];
}
