using System.Buffers.Binary;

namespace MediaScore.WebRtc.Tests.Rtp;

/// <summary>Smallest payloads that are what they say.</summary>
internal static class Payloads
{
    /// <summary>SILK, wideband, 20 ms, mono: configuration 9 (RFC 6716, table 2); the number makes packets tell apart.</summary>
    public const byte OpusToc = 9 << 3;

    public static byte[] Opus(int number) => [OpusToc, (byte)(number >> 8), (byte)number];

    /// <summary>A frame with its descriptor; with a PictureID of 15 bits unless negative.</summary>
    public static byte[] Vp8(bool key, int pictureId = -1) => [.. Descriptor(starts: true, pictureId), .. Vp8Frame(key)];

    public static byte[] Descriptor(bool starts, int pictureId = -1)
    {
        var flags = (byte)(starts ? 0x10 : 0);
        if (pictureId < 0)
            return [flags];
        byte[] descriptor = [(byte)(0x80 | flags), 0x80, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(descriptor.AsSpan(2), (ushort)(0x8000 | pictureId));
        return descriptor;
    }

    /// <summary>Key: frame tag, start code, 640 x 480 (RFC 6386, 9.1).</summary>
    public static byte[] Vp8Frame(bool key, int length = 20)
    {
        var frame = new byte[length];
        if (key)
            new byte[] { 0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01 }.CopyTo(frame, 0);
        else
            frame[0] = 0x11;
        return frame;
    }
}
