namespace MediaScore.WebRtc.Srtp;

/// <summary>
/// The replay windows of a session's sources, by SSRC. Who holds no key cannot add one: a source is added by its first authentic packet. A peer with the key can only harm itself, and
/// not much: when the table is full, the source that has been silent longest makes room, unless it had a packet just now. Of one that made room the highest
/// index is kept, so that its packets cannot be replayed and its roll-over counter is not lost.
/// </summary>
/// <param name="silentPackets">Packets of the session among which a source that sends at all has one.</param>
internal sealed class SrtpSourceTable(int maxSources, int silentPackets)
{
    // A device switch makes one or two sources. Nobody switches so often in an interview, and they take 16 kB.
    private const int MaxRetired = 1024;

    private readonly Dictionary<uint, ReplayWindow> _windows = [];
    private readonly Dictionary<uint, long> _retired = [];
    private long _packetCount;

    public int Count => _windows.Count;

    public ReplayWindow? Find(uint ssrc) => _windows.GetValueOrDefault(ssrc);

    /// <summary>Highest index of a source that had to make room.</summary>
    public bool TryGetRetired(uint ssrc, out long highest) => _retired.TryGetValue(ssrc, out highest);

    /// <summary>Counts an authentic packet.</summary>
    public void Touch(ReplayWindow window) => window.LastUsed = ++_packetCount;

    /// <summary>Adds the source of an authentic packet. False where there is no room.</summary>
    public bool TryAdd(uint ssrc, long index)
    {
        if (_windows.Count >= maxSources && !TryRetireOne())
            return false;
        ReplayWindow window;
        if (_retired.Remove(ssrc, out var highest))
        {
            window = new ReplayWindow(highest, allBelowSeen: true);
            window.Mark(index);
        }
        else
        {
            window = new ReplayWindow(index);
        }

        _windows.Add(ssrc, window);
        Touch(window);
        return true;
    }

    private bool TryRetireOne()
    {
        if (_retired.Count >= MaxRetired)
            return false;
        var (ssrc, window) = _windows.MinBy(pair => pair.Value.LastUsed);
        if (window is null || _packetCount - window.LastUsed < silentPackets)
            return false;
        _windows.Remove(ssrc);
        _retired.Add(ssrc, window.Highest);
        return true;
    }
}
