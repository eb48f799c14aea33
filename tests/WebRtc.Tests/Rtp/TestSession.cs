using System.Text;

namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>What a browser and we agree on, as far as RTP is concerned.</summary>
internal static class TestSession
{
    public const byte OpusType = 111;
    public const byte VideoType = 96;
    public const byte RtxType = 97;
    public const uint AudioSsrc = 0x0A0A0A0A;
    public const uint VideoSsrc = 0x0B0B0B0B;
    public const uint RtxSsrc = 0x0C0C0C0C;
    public const uint LocalSsrc = 0x01010101;

    public static readonly HeaderExtensionIds Extensions = new(Mid: 4, Rid: 10, RepairedRid: 11, TransportSequence: 3, AbsoluteSendTime: 2, AudioLevel: 1, VideoOrientation: 13);

    public static readonly NegotiatedMedia Audio = new(MediaKind.Audio, "0", RtpCodec.Opus, OpusType, null, 48_000, Extensions, RtcpFeedbackKinds.TransportCc);

    public static readonly NegotiatedMedia Video = new(
        MediaKind.Video, "1", RtpCodec.Vp8, VideoType, RtxType, 90_000, Extensions,
        RtcpFeedbackKinds.Nack | RtcpFeedbackKinds.Pli | RtcpFeedbackKinds.Fir | RtcpFeedbackKinds.TransportCc | RtcpFeedbackKinds.Remb);

    public static readonly byte[] AudioMid = Encoding.ASCII.GetBytes("0");

    public static readonly byte[] VideoMid = Encoding.ASCII.GetBytes("1");

    public static NegotiatedSession Of(params NegotiatedMedia[] media) => new(new IceCredentials("a", "b"), new IceCredentials("c", "d"), [], media);
}
