using System.Text;
using MediaScore.DeviceStreams.ZkPush.Session;

namespace MediaScore.DeviceStreams.ZkPush.Commands;

/// <summary>
/// Puts together what a terminal answers to a query in parts (<c>packcnt</c>, <c>packidx</c>): they come in any order, twice, or not at all, and may be cut in the middle of a record. What is
/// lost here the terminal still has: the query is told again. Thread-safe.
/// </summary>
internal sealed class QueryPackets(ByteBudget budget)
{
    private const int MaxAnswers = 4;
    private const int MaxPackets = 10_000;
    private const int MaxBytesOfAnswer = 48 << 20;

    // Terminals send the parts one after another, within seconds.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private bool _isClosed;

    /// <summary>What became of a part.</summary>
    /// <param name="Whole">The answer, once all parts are there; null until then, and where it was given up.</param>
    /// <param name="IsTooLarge">It was given up.</param>
    internal readonly record struct Added(byte[]? Whole, bool IsTooLarge);

    /// <param name="key">Command and table.</param>
    /// <param name="index">From 1 or from 0: it is whole when there are as many different ones as parts.</param>
    public Added Add(string key, string table, int index, int count, ReadOnlySpan<byte> part, DateTimeOffset now)
    {
        if (count is < 1 or > MaxPackets || index < 0 || index > count)
            return new Added(null, IsTooLarge: count > MaxPackets);
        lock (_lock)
        {
            if (_isClosed)
                return default;
            Expire(now);
            if (!_answers.TryGetValue(key, out var answer) || answer.Count != count)
            {
                Forget(key);
                if (_answers.Count >= MaxAnswers)
                    Forget(_answers.MinBy(known => known.Value.LastAt).Key);
                _answers[key] = answer = new Answer(count);
            }

            answer.LastAt = now;
            if (answer.Parts.Remove(index, out var before))
                Return(answer, before.Length);
            if (answer.Bytes + part.Length > MaxBytesOfAnswer || !budget.TryTake(part.Length))
            {
                Forget(key);
                return new Added(null, IsTooLarge: true);
            }

            answer.Parts[index] = part.ToArray();
            answer.Bytes += part.Length;
            if (answer.Parts.Count < count)
                return default;
            var whole = Join(answer, Encoding.ASCII.GetBytes(table + " "));
            Forget(key);
            return new Added(whole, IsTooLarge: false);
        }
    }

    /// <summary>Forgets all of them, and takes no more: whoever still has this in hand must not fill it for nobody.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            foreach (var key in _answers.Keys.ToList())
                Forget(key);
        }
    }

    /// <summary>Plainly one behind the other, for base64 may be cut anywhere; a line end only where a record evidently begins.</summary>
    private static byte[] Join(Answer answer, ReadOnlySpan<byte> recordStart)
    {
        using var whole = new MemoryStream(answer.Bytes + answer.Parts.Count);
        var endsLine = true;
        foreach (var part in answer.Parts.Values)
        {
            if (!endsLine && part.Length >= recordStart.Length && Ascii.EqualsIgnoreCase(part.AsSpan(0, recordStart.Length), recordStart))
                whole.WriteByte((byte)'\n');
            whole.Write(part);
            endsLine = part.Length == 0 ? endsLine : part[^1] is (byte)'\n' or (byte)'\r' or 0;
        }

        return whole.ToArray();
    }

    private void Return(Answer answer, int bytes)
    {
        answer.Bytes -= bytes;
        budget.Return(bytes);
    }

    private void Forget(string key)
    {
        if (_answers.Remove(key, out var answer))
            budget.Return(answer.Bytes);
    }

    private void Expire(DateTimeOffset now)
    {
        foreach (var key in _answers.Where(known => now - known.Value.LastAt > Lifetime).Select(known => known.Key).ToList())
            Forget(key);
    }

    private sealed class Answer(int count)
    {
        public int Count => count;

        public SortedDictionary<int, byte[]> Parts { get; } = [];

        public int Bytes { get; set; }

        public DateTimeOffset LastAt { get; set; }
    }
}
