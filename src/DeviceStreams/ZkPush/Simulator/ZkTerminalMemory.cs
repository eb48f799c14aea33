using System.Globalization;
using MediaScore.DeviceStreams.Simulation;

namespace MediaScore.DeviceStreams.ZkPush.Simulator;

/// <summary>What a simulated terminal remembers: its people, its log, its clock, and what it still has to say. Not thread-safe.</summary>
internal sealed class ZkTerminalMemory(ZkTerminalPlan plan, TimeProvider time)
{
    // What a terminal has whose battery was taken out.
    private static readonly DateTimeOffset WrongTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private DateTime _lastEventAt;

    public ZkTerminalPlan Plan => plan;

    /// <summary>Name by number.</summary>
    public Dictionary<string, string> People { get; } = plan.PersonNumbers.ToDictionary(number => number, _ => "", StringComparer.Ordinal);

    /// <summary>Base64 by number.</summary>
    public Dictionary<string, string> Faces { get; } = new(StringComparer.Ordinal);

    public List<Entry> Log { get; } = [];

    /// <summary>Entries that the server has.</summary>
    public int SentCount { get; set; }

    /// <summary>What is to be sent beside the log, in order.</summary>
    public Queue<ZkExchange> Outbox { get; } = new();

    /// <summary>Results of commands, a line each.</summary>
    public List<string> Results { get; } = [];

    /// <summary>Everything that it was told, in order.</summary>
    public List<string> Executed { get; } = [];

    public int DoorsOpened { get; set; }

    public TimeSpan Offset { get; set; }

    /// <summary>How far its clock runs ahead, beside the offset.</summary>
    public TimeSpan Drift { get; set; }

    public TimeSpan PollDelay { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan ErrorDelay { get; set; } = TimeSpan.FromSeconds(30);

    public DateTime LocalNow()
    {
        var now = plan.Misbehaviour.HasFlag(Misbehaviour.WrongClock) ? WrongTime + (time.GetUtcNow() - _startedAt) : time.GetUtcNow();
        var local = (now + Offset + Drift).UtcDateTime;
        return new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Unspecified);
    }

    /// <summary>What the camera sees of somebody; null: nothing.</summary>
    public byte[]? FaceOf(string personNumber) =>
        (plan.Faces.FirstOrDefault(face => face.PersonNumber == personNumber) ?? (plan.Faces.Count > 0 ? plan.Faces[0] : null))?.Jpeg.ToArray();

    public void ClearLog()
    {
        Log.Clear();
        SentCount = 0;
    }

    /// <summary>Something happens at the reader. Real ones let no two happen in the same second.</summary>
    public void Punch(string personNumber)
    {
        var at = LocalNow();
        if (at <= _lastEventAt)
            at = _lastEventAt.AddSeconds(1);
        _lastEventAt = at;
        Log.Add(new Entry(Log.Count + 1, personNumber, at, FaceOf(personNumber)));
    }

    public static string Text(DateTime local) => local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string PhotoName(Entry entry) => entry.At.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + "-" + entry.PersonNumber + ".jpg";

    /// <param name="Index">From 1, in the order of happening.</param>
    internal sealed record Entry(int Index, string PersonNumber, DateTime At, byte[]? Jpeg);
}
