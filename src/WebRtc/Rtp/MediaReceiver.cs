#pragma warning disable CA1822, IDE0060 // The signature comes before its body.
namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// All RTP streams of a session, behind SRTP: binds sources to media, puts packets in order, asks for what is missing, and hands complete frames on with
/// their time on the session's clock. Knows no socket, thread or clock. Not thread-safe.
/// </summary>
internal sealed class MediaReceiver : IDisposable
{
    /// <param name="localSsrc">Of our RTCP.</param>
    /// <param name="cname">Of our RTCP (RFC 7022).</param>
    public MediaReceiver(NegotiatedSession session, MediaReceiverOptions options, IRtcEvents events, uint localSsrc, string cname) =>
        _ = (session, options, events, localSsrc, cname);

    /// <summary>When <see cref="Advance"/> or <see cref="WriteRtcp"/> has something to do.</summary>
    public Instant NextDeadline { get; } = Instant.Never;

    /// <summary>There were sources, and every one of them said BYE.</summary>
    public bool Bye { get; }

    /// <summary>Null until it is known.</summary>
    public TimeSpan? RoundTripTime { get; }

    /// <summary>Packets that were dropped: for no stream, malformed, or over a limit.</summary>
    public long DiscardedCount { get; }

    /// <summary>Cheap, before decryption: false for layers that were not chosen and for payload types that were not answered.</summary>
    public bool IsInteresting(ReadOnlySpan<byte> protectedRtp, Instant now) => protectedRtp.Length >= 12;

    public void ReceiveRtp(ReadOnlySpan<byte> plainRtp, Instant now)
    {
    }

    public void ReceiveRtcp(ReadOnlySpan<byte> plainCompound, Instant now)
    {
    }

    /// <summary>Writes the next RTCP packet that is due: reports, NACK, PLI or FIR, TWCC or REMB. Call until it returns 0.</summary>
    /// <returns>Bytes written, before protection.</returns>
    public int WriteRtcp(Span<byte> buffer, Instant now) => 0;

    /// <summary>Gives up what was waited for too long and hands on what was held behind it.</summary>
    public void Advance(Instant now)
    {
    }

    public void RequestKeyFrame(Instant now)
    {
    }

    /// <summary>The session ends: hands on what is held, waiting for nothing.</summary>
    public void Flush(Instant now)
    {
    }

    public (StreamStatistics? Audio, StreamStatistics? Video) Snapshot() => (null, null);

    public void Dispose()
    {
    }
}
