using MediaScore.WebRtc.Srtp;

namespace MediaScore.Peers.Sessions;

/// <summary>Protection of both directions, once DTLS gave the keys: we are the DTLS client.</summary>
internal sealed class SenderKeys(SrtpKeys keys) : IDisposable
{
    // The server's one RTCP source, and one more should it restart.
    private const int MaxServerSources = 4;

    public SrtpSender Rtp { get; } = new(keys.Profile, keys.ClientKey, keys.ClientSalt);

    public SrtcpSender Rtcp { get; } = new(keys.Profile, keys.ClientKey, keys.ClientSalt);

    public SrtcpReceiver RtcpIn { get; } = new(keys.Profile, keys.ServerKey, keys.ServerSalt, MaxServerSources);

    public string Profile => keys.Profile.ToString();

    public void Dispose()
    {
        Rtp.Dispose();
        Rtcp.Dispose();
        RtcpIn.Dispose();
    }
}
