namespace MediaScore.Peers.Packets;

/// <summary>Cuts one frame into RTP payloads. Begin, then read until <c>last</c>. Allocates nothing after its first frames.</summary>
internal interface IPacketizer
{
    /// <param name="frame">Kept until the last payload was read.</param>
    void Begin(ReadOnlyMemory<byte> frame);

    /// <summary>False when the frame is used up.</summary>
    /// <param name="payload">At least as long as the largest payload.</param>
    /// <param name="last">The frame's last: RTP's marker of pictures.</param>
    bool TryWriteNext(Span<byte> payload, out int length, out bool last);
}
