using System.Buffers.Binary;
using MediaScore.TestMedia;

namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>RTP packets of a capture in the libpcap format: Ethernet, IPv4 without options, UDP.</summary>
internal static class CaptureReader
{
    private const int HeadersLength = 14 + 20 + 8;

    /// <summary>Null where this machine has no test data.</summary>
    public static List<(TimeSpan At, byte[] Packet)>? TryRead(string name)
    {
        if (SharedTestData.TryFind("webrtc", "pcap", name) is not { } path)
            return null;
        var bytes = File.ReadAllBytes(path).AsSpan();
        BinaryPrimitives.ReadUInt32LittleEndian(bytes).ShouldBe(0xA1B2C3D4u);
        var packets = new List<(TimeSpan, byte[])>();
        for (var rest = bytes[24..]; rest.Length >= 16;)
        {
            var (seconds, microseconds) = (BinaryPrimitives.ReadUInt32LittleEndian(rest), BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]));
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
            packets.Add((TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(microseconds), rest.Slice(16 + HeadersLength, length - HeadersLength).ToArray()));
            rest = rest[(16 + length)..];
        }

        return packets;
    }
}
