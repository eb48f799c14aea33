using MediaScore.Peers.Packets;
using MediaScore.WebRtc.Rtp;

namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>What a browser sends in some seconds: sound in 20 ms, pictures at 30 a second in VP8 or H.264, a key frame every two seconds; packet by packet, with its time.</summary>
internal static class PacketScript
{
    public const int PictureBytes = 3300;
    public const int KeyFrameBytes = 13_000;

    public static List<(TimeSpan At, byte[] Packet)> Make(double seconds, bool h264 = false, int firstSequence = 65_000)
    {
        var packets = new List<(TimeSpan At, byte[] Packet)>();
        var (audio, video, transport) = (firstSequence, firstSequence, firstSequence);
        IPacketizer packetizer = h264 ? new H264Packetizer(1150) : new Vp8Packetizer(1150, 0x7FF0);
        var (sounds, pictures) = (0, 0);
        var payload = new byte[1200];
        while (sounds / 50.0 < seconds)
        {
            if (pictures / 30.0 <= sounds / 50.0)
            {
                packetizer.Begin(Picture(pictures, h264));
                while (packetizer.TryWriteNext(payload, out var length, out var last))
                {
                    packets.Add((TimeSpan.FromSeconds(pictures / 30.0), Write(
                        TestSession.VideoType, video++, (uint)(pictures * 3000), TestSession.VideoSsrc, payload.AsSpan(0, length), last, TestSession.VideoMid, transport++)));
                }

                pictures++;
            }
            else
            {
                byte[] sound = [Payloads.OpusToc, .. new byte[80]];
                packets.Add((TimeSpan.FromSeconds(sounds / 50.0), Write(
                    TestSession.OpusType, audio++, (uint)(sounds * 960), TestSession.AudioSsrc, sound, false, TestSession.AudioMid, transport++)));
                sounds++;
            }
        }

        return packets;
    }

    public static byte[] Picture(int number, bool h264)
    {
        var isKey = number % 60 == 0;
        var length = isKey ? KeyFrameBytes : PictureBytes;
        if (!h264)
            return Payloads.Vp8Frame(isKey, length);
        var slice = new byte[length];
        slice.AsSpan().Fill((byte)(number | 1));
        (slice[0], slice[1]) = (isKey ? (byte)0x65 : (byte)0x41, 0x88);
        return isKey ? [0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1F, 0x95, 0xA0, 0, 0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 0, 1, .. slice] : [0, 0, 0, 1, .. slice];
    }

    public static byte[] Write(
        byte payloadType, int sequence, uint timestamp, uint ssrc, ReadOnlySpan<byte> payload, bool marker, byte[] mid, int transport)
    {
        var buffer = new byte[1500];
        var writer = new RtpPacketWriter(buffer, payloadType, (ushort)sequence, timestamp, ssrc, marker);
        writer.AddExtension(TestSession.Extensions.Mid, mid);
        writer.AddExtension(TestSession.Extensions.TransportSequence, [(byte)(transport >> 8), (byte)transport]);
        writer.WritePayload(payload);
        return buffer[..writer.Length];
    }

    /// <summary>The packet as a retransmission (RFC 4588).</summary>
    public static byte[] Retransmission(byte[] original, int sequence)
    {
        RtpPacket.TryParse(original, out var packet).ShouldBeTrue();
        return Write(
            TestSession.RtxType, sequence, packet.Timestamp, TestSession.RtxSsrc, [(byte)(packet.SequenceNumber >> 8), (byte)packet.SequenceNumber, .. packet.Payload], packet.Marker,
            TestSession.VideoMid, sequence);
    }
}
