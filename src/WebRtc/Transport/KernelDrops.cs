using System.Globalization;

namespace MediaScore.WebRtc.Transport;

/// <summary>
/// Datagrams that the kernel dropped because our buffer was full. The counter that comes with a datagram (SO_RXQ_OVFL) is not reachable from .NET; Linux
/// shows the same one in the last column of /proc/net/udp and udp6.
/// </summary>
internal static class KernelDrops
{
    private static readonly string[] Tables = ["/proc/net/udp", "/proc/net/udp6"];

    /// <summary>Of all sockets on this port; null where the system has no such table.</summary>
    public static long? Read(int port)
    {
        long? drops = null;
        foreach (var table in Tables)
        {
            try
            {
                if (File.Exists(table))
                    drops = (drops ?? 0) + Sum(File.ReadLines(table), port);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The table changes while it is read, and the next reading is whole again; or a container hides it.
            }
        }

        return drops;
    }

    internal static long Sum(IEnumerable<string> lines, int port)
    {
        var sum = 0L;
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var line in lines)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length >= 13 && fields[1].EndsWith(suffix, StringComparison.Ordinal) && long.TryParse(fields[^1], CultureInfo.InvariantCulture, out var drops))
                sum += drops;
        }

        return sum;
    }
}
