using MediaScore.Load.Measuring;

namespace MediaScore.Load.Clients;

/// <summary>
/// How late one stream's own sends were. What came due while a write waited for the server is late by the server's doing: it is counted apart, in
/// <see cref="LoadMeter.SendsBehindServer"/>. Everything else is timed, a whole backlog of this program's own too. One thread at a time; due times in order.
/// </summary>
internal sealed class SendLagAccount(LoadMeter meter)
{
    // At most one for each packet that is behind: what ended before the next due time is taken off.
    private readonly Queue<(long From, long To)> _blocked = new();

    /// <summary>A write that did not complete at once was begun at <paramref name="from"/> and was over at <paramref name="to"/>; so was a time without a connection.</summary>
    public void Blocked(long from, long to) => _blocked.Enqueue((from, to));

    /// <summary>What was due then goes out now.</summary>
    public void Sending(long due, long now)
    {
        while (_blocked.TryPeek(out var past) && past.To < due)
            _blocked.Dequeue();
        if (_blocked.TryPeek(out var blocked) && due > blocked.From)
            meter.SentBehindServer();
        else
            meter.Sent(due, now);
    }
}
