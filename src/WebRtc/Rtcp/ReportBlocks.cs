namespace MediaScore.WebRtc.Rtcp;

/// <summary>The report blocks of a sender or receiver report.</summary>
internal readonly ref struct ReportBlocks(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Count => _bytes.Length / ReportBlock.Length;

    public ReportBlock this[int position] => ReportBlock.Read(_bytes.Slice(position * ReportBlock.Length, ReportBlock.Length));
}
