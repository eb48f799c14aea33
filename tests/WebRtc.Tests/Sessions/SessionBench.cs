using MediaScore.WebRtc.Dtls;
using MediaScore.WebRtc.Rtcp;
using MediaScore.WebRtc.Rtp;
using MediaScore.WebRtc.Srtp;
using MediaScore.WebRtc.Tests.Ice;
using MediaScore.WebRtc.Tests.Transport;

namespace MediaScore.WebRtc.Tests.Sessions;

/// <summary>One session without a socket or a clock, and a peer that knows its credentials and keys.</summary>
internal sealed class SessionBench : IDatagramSink, IDisposable
{
    public const byte PayloadType = 111;
    public const uint Ssrc = 0xA0B0C0D0;

    private readonly IceTestPeer _peer = new();
    private readonly SrtpSender _rtp;
    private readonly SrtcpSender _rtcp;
    private readonly byte[] _key = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    private readonly byte[] _salt = [.. Enumerable.Range(101, 12).Select(i => (byte)i)];
    private ushort _sequence = 1000;

    public SessionBench(RtcSessionOptions? options = null)
    {
        var media = new NegotiatedMedia(MediaKind.Audio, "0", RtpCodec.Opus, PayloadType, null, 48_000, default, RtcpFeedbackKinds.None);
        var negotiated = new NegotiatedSession(IceTestPeer.ServerCredentials, IceTestPeer.PeerCredentials, [], [media]);
        Session = new RtcSession(negotiated, options ?? new RtcSessionOptions(), Dtls, this, Events, 1, "cname", At(0));
        _rtp = new SrtpSender(SrtpProfile.AeadAes128Gcm, _key, _salt);
        _rtcp = new SrtcpSender(SrtpProfile.AeadAes128Gcm, _key, _salt);
    }

    public RtcSession Session { get; }

    public FakeDtlsServer Dtls { get; } = new();

    public RecordedEvents Events { get; } = new();

    public List<(byte[] Datagram, RemoteAddress To)> Sent { get; } = [];

    public static Instant At(double seconds) => IceTestPeer.At(seconds);

    public void Check(double seconds, RemoteAddress? from = null, bool nominate = true) =>
        Session.Receive(_peer.Check(IceTestPeer.ServerCredentials, useCandidate: nominate), from ?? IceTestPeer.Home, At(seconds));

    public void FinishHandshake(double seconds)
    {
        Dtls.Keys = new SrtpKeys(SrtpProfile.AeadAes128Gcm, [.. _key], [.. _salt], [.. _key.Reverse()], [.. _salt.Reverse()]);
        Dtls.State = DtlsState.Connected;
        Session.AdvanceDtls(At(seconds));
    }

    public void Connect()
    {
        Check(0.1);
        FinishHandshake(0.2);
    }

    /// <summary>The next 20 ms of sound.</summary>
    public byte[] Sound()
    {
        var plain = new byte[60];
        var writer = new RtpPacketWriter(plain, PayloadType, _sequence, _sequence * 960u, Ssrc);
        _sequence++;
        writer.WritePayload([0x48, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        var packet = new byte[writer.Length + _rtp.Overhead];
        return packet[.._rtp.Protect(plain.AsSpan(0, writer.Length), packet)];
    }

    public byte[] Bye()
    {
        var plain = new byte[64];
        var writer = new RtcpWriter(plain);
        writer.WriteBye([Ssrc]);
        var packet = new byte[writer.Length + _rtcp.Overhead];
        return packet[.._rtcp.Protect(plain.AsSpan(0, writer.Length), packet)];
    }

    public byte[] Report()
    {
        var plain = new byte[64];
        var writer = new RtcpWriter(plain);
        writer.WriteReceiverReport(Ssrc, default);
        var packet = new byte[writer.Length + _rtcp.Overhead];
        return packet[.._rtcp.Protect(plain.AsSpan(0, writer.Length), packet)];
    }

    public void Receive(byte[] datagram, double seconds, RemoteAddress? from = null) => Session.Receive(datagram.ToArray(), from ?? IceTestPeer.Home, At(seconds));

    /// <summary>Wakes the session whenever it wants to be, as the loop does.</summary>
    public void AdvanceTo(double seconds)
    {
        while (Session.NextDeadline <= At(seconds))
        {
            var at = Session.NextDeadline;
            Session.Advance(at);
            Session.NextDeadline.ShouldBeGreaterThan(at, "a deadline that stays is a loop that spins");
        }
    }

    public void Transmit(ReadOnlySpan<byte> datagram, in RemoteAddress to) => Sent.Add((datagram.ToArray(), to));

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        Session.Dispose();
    }
}
