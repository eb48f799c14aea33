namespace MediaScore.WebRtc.Tests.Peers;

/// <summary>Received frames laid beside the sent ones.</summary>
/// <param name="Matched">Received frames that are, byte for byte, the next such frame that was sent.</param>
/// <param name="Foreign">Received frames that nobody sent, or that came out of order.</param>
internal sealed record Comparison(int Sent, int Matched, int Foreign, IReadOnlyList<int> MissingAt)
{
    public double Percent => Sent == 0 ? 100 : 100.0 * Matched / Sent;

    /// <param name="same">H.264 units may get other start codes and parameter sets before key frames.</param>
    public static Comparison Of(IReadOnlyList<ReadOnlyMemory<byte>> sent, IReadOnlyList<byte[]> received, Func<ReadOnlyMemory<byte>, byte[], bool>? same = null)
    {
        same ??= static (one, other) => one.Span.SequenceEqual(other);
        var missing = new List<int>();
        var (next, matched, foreign) = (0, 0, 0);
        foreach (var frame in received)
        {
            var at = next;
            while (at < sent.Count && !same(sent[at], frame))
                at++;
            if (at == sent.Count)
            {
                foreign++;
                continue;
            }

            missing.AddRange(Enumerable.Range(next, at - next));
            next = at + 1;
            matched++;
        }

        missing.AddRange(Enumerable.Range(next, sent.Count - next));
        return new Comparison(sent.Count, matched, foreign, missing);
    }
}
