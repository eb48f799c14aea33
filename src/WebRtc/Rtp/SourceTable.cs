using System.Text;

namespace MediaScore.WebRtc.Rtp;

/// <summary>
/// Which source is what: by MID, RID and repaired RID (RFC 9143, RFC 8852) where a packet has them, else by the SSRCs that the offer named, else by payload type.
/// Browsers send the first only until they know that they were heard, so what was learnt is kept.
/// </summary>
internal sealed class SourceTable
{
    // A source that took over is believed; the other comes back only when it is gone. Two that send at once must not take turns.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    // Nobody sends that seldom; a full table forgets these first.
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(10);

    private readonly MediaTrack[] _tracks;
    private readonly Names[] _names;
    private readonly Source[] _sources;
    private int _count;

    public SourceTable(MediaTrack[] tracks, int capacity)
    {
        _tracks = tracks;
        _names = [.. tracks.Select(track => new Names(Encoding.UTF8.GetBytes(track.Media.Mid), track.Media.Rid is { } rid ? Encoding.UTF8.GetBytes(rid) : null))];
        _sources = new Source[capacity];
    }

    public ReadOnlySpan<Source> All => _sources.AsSpan(0, _count);

    public Source? Find(uint ssrc)
    {
        // A handful at most: faster than a hash, and nobody can choose numbers that collide.
        foreach (var source in All)
        {
            if (source.Ssrc == ssrc)
                return source;
        }

        return null;
    }

    public bool IsKnownPayloadType(byte payloadType)
    {
        foreach (var track in _tracks)
        {
            if (track.Media.PayloadType == payloadType || track.Media.RtxPayloadType == payloadType)
                return true;
        }

        return false;
    }

    /// <summary>Finds or learns what an authentic packet belongs to; null where it belongs to nothing, or the table is full of sources that are heard.</summary>
    public Source? Resolve(in RtpPacket packet, Instant now)
    {
        var source = Find(packet.Ssrc);
        if (source is null)
        {
            if (Classify(packet) is not { } learnt || !TryMakeRoom(now))
                return null;
            source = new Source(packet.Ssrc, learnt.Role == SourceRole.Ignored ? null : learnt.Track, learnt.Role, learnt.IsRetransmission);
            _sources[_count++] = source;
            Take(source, now);
        }
        else if (source.Role == SourceRole.Retired && IsSilent(source, now))
        {
            source.Role = source.IsRetransmission ? SourceRole.Retransmission : SourceRole.Media;
            Take(source, now);
        }

        source.HeardAt = now;
        source.HasLeft = false;
        return source;
    }

    /// <summary>There is a source of media, and none that has not said BYE.</summary>
    public bool AllLeft()
    {
        var left = false;
        foreach (var source in All)
        {
            if (source.Role != SourceRole.Media)
                continue;
            if (!source.HasLeft)
                return false;
            left = true;
        }

        return left;
    }

    private void Take(Source source, Instant now)
    {
        if (source.Role is SourceRole.Ignored)
            return;

        // The retransmissions of the source before number its packets, not this one's.
        foreach (var other in All)
        {
            if (other != source && other.Track == source.Track && other.Role != SourceRole.Ignored && (other.IsRetransmission || !source.IsRetransmission))
                other.Role = SourceRole.Retired;
        }

        if (source.Role == SourceRole.Media)
            source.Track!.Bind(source.Ssrc, now);
    }

    private bool IsSilent(Source retired, Instant now)
    {
        foreach (var other in All)
        {
            if (other.Track == retired.Track && other.Role != SourceRole.Retired && other.IsRetransmission == retired.IsRetransmission && now - other.HeardAt < Silence)
                return false;
        }

        return true;
    }

    private (MediaTrack Track, SourceRole Role, bool IsRetransmission)? Classify(in RtpPacket packet)
    {
        for (var index = 0; index < _tracks.Length; index++)
        {
            var media = _tracks[index].Media;
            if (!packet.TryGetExtension(media.Extensions.Mid, out var mid) || !mid.SequenceEqual(_names[index].Mid))
                continue;
            return ByPayloadType(packet, index);
        }

        foreach (var track in _tracks)
        {
            if (track.Media.Ssrc == packet.Ssrc && track.Media.PayloadType == packet.PayloadType)
                return (track, SourceRole.Media, false);
            if (track.Media.RtxSsrc == packet.Ssrc && track.Media.RtxPayloadType == packet.PayloadType)
                return (track, SourceRole.Retransmission, true);
        }

        for (var index = 0; index < _tracks.Length; index++)
        {
            // One BUNDLE group: a payload type has one meaning (RFC 9143, 9.2). A MID that was sent but matched nothing is another section's.
            if (!packet.TryGetExtension(_tracks[index].Media.Extensions.Mid, out _) && ByPayloadType(packet, index) is { } found)
                return found;
        }

        return null;
    }

    private (MediaTrack Track, SourceRole Role, bool IsRetransmission)? ByPayloadType(in RtpPacket packet, int index)
    {
        var (track, media) = (_tracks[index], _tracks[index].Media);
        var isRetransmission = packet.PayloadType == media.RtxPayloadType;
        if (!isRetransmission && packet.PayloadType != media.PayloadType)
            return null;
        var role = isRetransmission ? SourceRole.Retransmission : SourceRole.Media;
        if (_names[index].Rid is not { } wanted)
            return (track, role, isRetransmission);

        // Simulcast: a source without a name may be any layer; its first packets have one.
        var id = isRetransmission ? media.Extensions.RepairedRid : media.Extensions.Rid;
        if (!packet.TryGetExtension(id, out var rid))
            return null;
        return (track, rid.SequenceEqual(wanted) ? role : SourceRole.Ignored, isRetransmission);
    }

    private bool TryMakeRoom(Instant now)
    {
        if (_count < _sources.Length)
            return true;
        var oldest = -1;
        for (var index = 0; index < _count; index++)
        {
            if (_sources[index].Role is SourceRole.Media || now - _sources[index].HeardAt < Forgotten)
                continue;
            if (oldest < 0 || _sources[index].HeardAt < _sources[oldest].HeardAt)
                oldest = index;
        }

        if (oldest < 0)
            return false;
        _sources[oldest] = _sources[--_count];
        return true;
    }

    private readonly record struct Names(byte[] Mid, byte[]? Rid);
}
