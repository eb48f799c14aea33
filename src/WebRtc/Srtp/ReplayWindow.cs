namespace MediaScore.WebRtc.Srtp;

/// <summary>
/// Which packet indices of one source have come (RFC 3711, 3.3.2): the highest and the 1,023 below it. The RFC asks for 64 at least; 1,024 hold 4 seconds of a 2 Mbit/s picture,
/// longer than anything waits for a retransmission, and cost 128 bytes a source.
/// </summary>
internal sealed class ReplayWindow
{
    public const int Length = 1024;

    private readonly ulong[] _seen = new ulong[Length / 64];

    /// <summary>Begins behind an index that has come, or was left behind: nothing up to it is new.</summary>
    public ReplayWindow(long highest, bool allBelowSeen = false)
    {
        Highest = highest;
        if (allBelowSeen)
            Array.Fill(_seen, ulong.MaxValue);
        else
            Set(highest);
    }

    public long Highest { get; private set; }

    /// <summary>For the choice of the source that has been silent longest: the table's count of packets when this one last had one.</summary>
    public long LastUsed { get; set; }

    /// <inheritdoc cref="RtcSession.Touch"/>
    public long Touch() => Highest + (long)_seen[Word(Highest)];

    public bool IsTooOld(long index) => index < 0 || index <= Highest - Length;

    public bool IsNew(long index) => index > Highest || (!IsTooOld(index) && (_seen[Word(index)] & Bit(index)) == 0);

    /// <summary>Only of a packet whose tag was verified.</summary>
    public void Mark(long index)
    {
        if (index - Highest >= Length)
            Array.Clear(_seen);
        else
            for (var skipped = Highest + 1; skipped < index; skipped++)
                _seen[Word(skipped)] &= ~Bit(skipped);
        Highest = Math.Max(Highest, index);
        Set(index);
    }

    private void Set(long index) => _seen[Word(index)] |= Bit(index);

    private static int Word(long index) => (int)((ulong)index % Length / 64);

    private static ulong Bit(long index) => 1UL << (int)((ulong)index % 64);
}
