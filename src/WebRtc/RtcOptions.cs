using System.ComponentModel.DataAnnotations;

namespace MediaScore.WebRtc;

/// <summary>The WebRTC endpoint's addresses and limits. Section <c>WebRtc</c>.</summary>
public sealed class RtcOptions
{
    public const string Section = "WebRtc";

    /// <summary>IP address that media are received on. Default <c>127.0.0.1</c>: nothing listens to a network before it is told to. <c>::</c> is every address, IPv4 and IPv6; <c>0.0.0.0</c> every IPv4 address.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>UDP port of all sessions. Default 5082: next to the server's 5080 and 5081. 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int UdpPort { get; set; } = 5082;

    /// <summary>TCP port for networks that block UDP (ICE-TCP, RFC 6544). Default 5082; 0 takes a free one, -1 turns it off.</summary>
    // Networks that let only 443 through reach it by a port forward, or come by TURN over TLS.
    [Range(-1, 65535)]
    public int TcpPort { get; set; } = 5082;

    /// <summary>Addresses that candidates' browsers reach this machine by, where they aren't its own (NAT 1:1, a container). Default empty: its own addresses. At most 8.</summary>
    [MaxLength(8)]
    public IList<string> PublicAddresses { get; set; } = [];

    /// <summary>Kernel buffer of the UDP socket, bytes. Default 4 MiB; a warning tells when the kernel gave less (<c>net.core.rmem_max</c>).</summary>
    // The kernel counts about 2.3 KiB a packet and doubles what is asked for: some 3,500 packets, a quarter of a second of 100 interviews.
    [Range(65_536, 64 * 1024 * 1024)]
    public int ReceiveBufferBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Sessions at once. Default 300; beyond it an offer is refused.</summary>
    // Above what two cores can interview: admission decides first, this bound is for what gets around it.
    [Range(1, 100_000)]
    public int MaxSessions { get; set; } = 300;

    /// <summary>From the answer to the first authenticated check, seconds. Default 30.</summary>
    // Browsers send the first check within a second of the answer; a phone that changes networks just then needs some more.
    [Range(1, 600)]
    public int ArrivalSeconds { get; set; } = 30;

    /// <summary>From the first authenticated check to the end of the DTLS handshake, seconds. Default 10.</summary>
    // Five round trips at one second each and as many lost flights; who needs longer could not send a picture either.
    [Range(1, 120)]
    public int HandshakeSeconds { get; set; } = 10;

    /// <summary>DTLS handshakes at once; more wait for the client's next retransmission. Default 32.</summary>
    // A thread and about 350 KB each for a few round trips; 32 at 100 ms each are 320 a second.
    [Range(1, 1024)]
    public int MaxHandshakes { get; set; } = 32;

    /// <summary>DTLS handshakes at once from one address, or one /64 of IPv6. Default 8.</summary>
    // A quarter of them all: a school behind one address gets its classes in, and cannot keep everybody else out.
    [Range(1, 1024)]
    public int MaxHandshakesPerAddress { get; set; } = 8;

    /// <summary>After consent was lost (30 s without a check, RFC 7675), how long a session waits for its peer, seconds. Default 60.</summary>
    // A tunnel or a lift. The interview outlives the session: later the page makes a new one.
    [Range(0, 3600)]
    public int ConsentGraceSeconds { get; set; } = 60;

    /// <summary>Longest session, minutes. Default 240.</summary>
    // Twice the longest interview: what is older is a page that somebody forgot.
    [Range(1, 10_080)]
    public int MaxSessionMinutes { get; set; } = 240;

    /// <summary>A key frame is asked for when the last one is this old, milliseconds. Default 2000; 0 asks only after loss.</summary>
    // Only key frames are decoded. Measured: one in 2 s costs 6 to 7 % of the bits, one a second 13 to 16 %.
    [Range(0, 60_000)]
    public int KeyFramePeriodMs { get; set; } = 2000;

    /// <summary>TCP connections at once. Default 300, as many as sessions.</summary>
    [Range(1, 100_000)]
    public int MaxTcpConnections { get; set; } = 300;

    /// <summary>TCP connections at once from one address, or one /64 of IPv6. Default 32.</summary>
    // Browsers open one a candidate of ours; an office behind one address and a blocked UDP needs a few dozen.
    [Range(1, 100_000)]
    public int MaxTcpConnectionsPerAddress { get; set; } = 32;

    /// <summary>A TCP connection without an authenticated check for this long is closed, seconds. Default 5.</summary>
    [Range(1, 60)]
    public int TcpAuthenticationSeconds { get; set; } = 5;

    /// <summary>Age at which the DTLS certificate is replaced, hours. Default 24; running sessions keep the one of their answer.</summary>
    // It is signed by nobody and named in every answer, so a new one costs nothing and links no two days.
    [Range(1, 24 * 30)]
    public int CertificateHours { get; set; } = 24;
}
