using MediaScore.Codecs.Containers;
using MediaScore.Codecs.Opus;

namespace MediaScore.TestMedia;

/// <summary>One coded picture and when it is shown.</summary>
public sealed record CodedPicture(TimeSpan Time, byte[] Payload);

/// <summary>One Opus packet and when it begins.</summary>
public sealed record CodedSound(TimeSpan Start, TimeSpan Duration, byte[] Payload);

/// <summary>Packets as clients send them, made by FFmpeg from any input.</summary>
public static class CodedMedia
{
    /// <summary>Mono Opus from 16 kHz samples.</summary>
    public static async Task<IReadOnlyList<CodedSound>> OpusAsync(ReadOnlyMemory<float> pcm16k, int kilobitsPerSecond = 24, double frameMilliseconds = 20) =>
        await OpusAsync(await Ffmpeg.ConvertAsync(
            Tones.ToPcm16(pcm16k.Span),
            FormattableString.Invariant($"-f s16le -ar 16000 -ac 1 -i pipe:0 -c:a libopus -application voip -b:a {kilobitsPerSecond}k -frame_duration {frameMilliseconds} -f ogg pipe:1")));

    /// <summary>The packets of an Ogg Opus file.</summary>
    public static async Task<IReadOnlyList<CodedSound>> OpusAsync(byte[] ogg)
    {
        var packets = new List<CodedSound>();
        var reader = new OggOpusReader(new MemoryStream(ogg));
        while (await reader.ReadAsync())
            packets.Add(new CodedSound(reader.Start, reader.Duration, reader.Packet.ToArray()));
        return reader.Error is null ? packets : throw new InvalidDataException(reader.Error);
    }

    /// <summary>VP8 frames of a file or lavfi source.</summary>
    /// <param name="input">FFmpeg arguments up to and with <c>-i</c>: <c>-f lavfi -i testsrc2=size=320x240:rate=10:duration=2</c>.</param>
    /// <param name="keyFrameInterval">Frames between key frames.</param>
    public static async Task<IReadOnlyList<CodedPicture>> Vp8Async(string input, int keyFrameInterval = 20, string options = "-b:v 400k")
    {
        var pictures = new List<CodedPicture>();
        var reader = new IvfReader(new MemoryStream(await Ffmpeg.MakeAsync(
            $"{input} -an -c:v libvpx -deadline realtime -cpu-used 8 -g {keyFrameInterval} -pix_fmt yuv420p {options} -f ivf pipe:1")));
        while (await reader.ReadAsync())
            pictures.Add(new CodedPicture(reader.Time, reader.Frame.ToArray()));
        return reader.Error is null ? pictures : throw new InvalidDataException(reader.Error);
    }

    /// <summary>H.264 access units (Annex B, parameter sets before each IDR picture) of a file or lavfi source.</summary>
    /// <param name="frameRate">Of the source, for times: Annex B carries none.</param>
    public static async Task<IReadOnlyList<CodedPicture>> H264Async(string input, double frameRate, int keyFrameInterval = 20, string options = "-preset ultrafast -tune zerolatency")
    {
        var pictures = new List<CodedPicture>();
        var reader = new AnnexBReader(new MemoryStream(await Ffmpeg.MakeAsync(
            $"{input} -an -c:v libx264 {options} -g {keyFrameInterval} -pix_fmt yuv420p -bsf:v h264_metadata=aud=insert -f h264 pipe:1")));
        while (await reader.ReadAsync())
            pictures.Add(new CodedPicture(TimeSpan.FromSeconds(reader.Index / frameRate), reader.AccessUnit.ToArray()));
        return reader.Error is null ? pictures : throw new InvalidDataException(reader.Error);
    }

    /// <summary>One JPEG.</summary>
    public static Task<byte[]> JpegAsync(string input, string options = "-q:v 3") => Ffmpeg.MakeAsync($"{input} -frames:v 1 -c:v mjpeg {options} -f mjpeg pipe:1");

    /// <summary>All packets of a stream through a fresh decoder of this machine.</summary>
    public static float[] Decode(IEnumerable<CodedSound> packets)
    {
        using var decoder = OpusDecoderFactory.Create();
        var samples = new List<float>();
        var buffer = new float[OpusPacketDecoder.MaxSampleCount];
        foreach (var packet in packets)
        {
            var result = decoder.Decode(packet.Payload, buffer);
            if (!result.Succeeded)
                throw new InvalidDataException($"Packet at {packet.Start}: {result.Error}");
            samples.AddRange(buffer.AsSpan(0, result.SampleCount));
        }

        return [.. samples];
    }
}
