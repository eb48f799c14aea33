using MediaScore.WebRtc.Ice;
using MediaScore.WebRtc.Srtp;

namespace MediaScore.WebRtc;

/// <summary>Media of a session: from the keys on.</summary>
internal sealed partial class RtcSession
{
    private void ReceiveMedia(Span<byte> datagram, Instant now)
    {
        if (_rtpReceiver is null)
            _early.TryHold(datagram);
        else if (IsRtcp(datagram))
            ReceiveRtcp(datagram, now);
        else
            ReceiveRtp(datagram, now);
    }

    // RFC 5761, 4: payload types 64 to 95 are not used for RTP, since RTCP's types 192 to 223 look like them.
    private static bool IsRtcp(ReadOnlySpan<byte> datagram) => datagram.Length > 1 && datagram[1] is >= 192 and < 224;

    private void ReceiveRtp(Span<byte> datagram, Instant now)
    {
        if (!_media.IsInteresting(datagram, now))
            return;
        var verdict = _rtpReceiver!.Unprotect(datagram, out var length);
        if (verdict != SrtpVerdict.Ok)
        {
            Count(verdict);
            return;
        }

        Confirm(now);
        _media.ReceiveRtp(datagram[..length], now);
    }

    private void ReceiveRtcp(Span<byte> datagram, Instant now)
    {
        var verdict = _rtcpReceiver!.Unprotect(datagram, out var length);
        if (verdict != SrtpVerdict.Ok)
        {
            Count(verdict);
            return;
        }

        Confirm(now);
        _media.ReceiveRtcp(datagram[..length], now);
        if (_media.Bye)
            Close(CloseReason.Bye, now);
    }

    private void Count(SrtpVerdict verdict)
    {
        if (verdict == SrtpVerdict.AuthenticationFailed)
            _authenticationFailures++;
        else
            _discarded++;
    }

    private void Connect(Instant now)
    {
        using var keys = _dtls.Keys!;
        var maxSources = _options.Media.MaxSources;
        _profile = keys.Profile;
        _rtpReceiver = new SrtpReceiver(keys.Profile, keys.ClientKey, keys.ClientSalt, maxSources);
        _rtcpReceiver = new SrtcpReceiver(keys.Profile, keys.ClientKey, keys.ClientSalt, maxSources);
        _rtcpSender = new SrtcpSender(keys.Profile, keys.ServerKey, keys.ServerSalt);
        _stateDeadline = Instant.Never;
        Enter(RtcState.Connected);
        for (var i = 0; i < _early.Count && State != RtcState.Closed; i++)
            ReceiveMedia(_early[i], now);
        _early.Clear();
    }

    private void AdvanceMedia(Instant now)
    {
        _media.Advance(now);
        while (_media.WriteRtcp(_rtcp, now) is var length and > 0)
        {
            if (Ice.State != IceState.Connected || Ice.Selected is not { } peer)
                continue;
            var protectedLength = _rtcpSender!.Protect(_rtcp.AsSpan(0, length), _protected);
            if (protectedLength > 0)
                _sink.Transmit(_protected.AsSpan(0, protectedLength), peer);
        }
    }
}
