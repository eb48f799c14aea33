namespace MediaScore.Codecs.Opus;

/// <summary>Reads a packet's table-of-contents byte and checks its framing, requirements R1 to R7 of RFC 6716, 3.4. Allocates nothing.</summary>
public static class OpusPacketInspector
{
    private const int MaxFrameBytes = 1275;
    private const int MaxPacketSamples = 120 * 48;

    /// <summary>False where the bytes are no Opus packet.</summary>
    public static bool TryInspect(ReadOnlySpan<byte> packet, out OpusPacketInfo info)
    {
        info = default;
        if (packet.IsEmpty)
            return false;
        var toc = packet[0];
        var body = packet[1..];
        var frameSampleCount = FrameSampleCount(toc);
        int frameCount;
        switch (toc & 3)
        {
            case 0: // One frame.
                if (body.Length > MaxFrameBytes)
                    return false;
                frameCount = 1;
                break;
            case 1: // Two frames of one size.
                if (body.Length % 2 != 0 || body.Length / 2 > MaxFrameBytes)
                    return false;
                frameCount = 2;
                break;
            case 2: // Two frames, the first with its length.
                if (!TryReadLength(ref body, out var first) || first > body.Length || body.Length - first > MaxFrameBytes)
                    return false;
                frameCount = 2;
                break;
            default:
                if (!TryCheckManyFrames(body, out frameCount))
                    return false;
                break;
        }

        if (frameCount * frameSampleCount > MaxPacketSamples)
            return false;
        var mode = toc < 0x60 ? OpusMode.Silk : toc < 0x80 ? OpusMode.Hybrid : OpusMode.Celt;
        info = new OpusPacketInfo(mode, frameCount, frameSampleCount, (toc & 4) != 0 ? 2 : 1);
        return true;
    }

    /// <summary>Samples of one frame at 48 kHz, from the configuration number (RFC 6716, table 2).</summary>
    private static int FrameSampleCount(byte toc)
    {
        var config = toc >> 3;
        return config switch
        {
            < 12 => (config & 3) switch { 0 => 480, 1 => 960, 2 => 1920, _ => 2880 },
            < 16 => (config & 1) == 0 ? 480 : 960,
            _ => 120 << (config & 3),
        };
    }

    /// <summary>Code 3 (RFC 6716, 3.2.5): 1 to 48 frames, constant or variable size, with padding.</summary>
    private static bool TryCheckManyFrames(ReadOnlySpan<byte> body, out int frameCount)
    {
        frameCount = 0;
        if (body.IsEmpty)
            return false;
        var header = body[0];
        body = body[1..];
        frameCount = header & 0x3F;
        if (frameCount == 0)
            return false;
        if ((header & 0x40) != 0 && !TryDropPadding(ref body))
            return false;
        if ((header & 0x80) == 0)
            return body.Length % frameCount == 0 && body.Length / frameCount <= MaxFrameBytes;

        var claimed = 0;
        for (var frame = 0; frame < frameCount - 1; frame++)
        {
            if (!TryReadLength(ref body, out var length))
                return false;
            claimed += length;
        }

        return claimed <= body.Length && body.Length - claimed <= MaxFrameBytes;
    }

    private static bool TryDropPadding(ref ReadOnlySpan<byte> body)
    {
        var padding = 0;
        byte length;
        do
        {
            if (body.IsEmpty)
                return false;
            length = body[0];
            body = body[1..];
            padding += length == 255 ? 254 : length;
        }
        while (length == 255);
        if (padding > body.Length)
            return false;
        body = body[..^padding];
        return true;
    }

    /// <summary>One or two bytes (RFC 6716, 3.2.1).</summary>
    private static bool TryReadLength(ref ReadOnlySpan<byte> body, out int length)
    {
        length = 0;
        if (body.IsEmpty)
            return false;
        length = body[0];
        if (length < 252)
        {
            body = body[1..];
            return true;
        }

        if (body.Length < 2)
            return false;
        length += 4 * body[1];
        body = body[2..];
        return true;
    }
}
