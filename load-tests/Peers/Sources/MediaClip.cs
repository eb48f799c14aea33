using MediaScore.Codecs.Containers;
using MediaScore.Codecs.Opus;
using MediaScore.Codecs.Video;
using MediaScore.WebRtc;

namespace MediaScore.Peers.Sources;

/// <summary>One Opus packet, VP8 frame or H.264 access unit (Annex B, without delimiter) of a clip.</summary>
/// <param name="Time">From the clip's beginning.</param>
/// <param name="LevelDbov">Sound: how loud, -127 to 0 (RFC 6464). Pictures: 0.</param>
public readonly record struct ClipUnit(TimeSpan Time, bool KeyFrame, ReadOnlyMemory<byte> Payload, int LevelDbov = 0);

/// <summary>Coded media in memory, read once and sent by any number of senders. Immutable.</summary>
public sealed class MediaClip
{
    // An hour of sound, or of 30 pictures a second: a longer file is a mistake, it would be kept in memory whole.
    private const int MaxUnitCount = 180_000;

    private MediaClip(RtpCodec codec, IReadOnlyList<ClipUnit> units, TimeSpan duration)
    {
        Codec = codec;
        Units = units;
        Duration = duration;
    }

    public RtpCodec Codec { get; }

    public MediaKind Kind => Codec == RtpCodec.Opus ? MediaKind.Audio : MediaKind.Video;

    public IReadOnlyList<ClipUnit> Units { get; }

    /// <summary>After which it begins again when looped.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Ogg Opus, mono or stereo. The level of each packet is measured by decoding it.</summary>
    /// <exception cref="InvalidDataException">The file is not what it should be, or empty.</exception>
    public static async Task<MediaClip> ReadOpusAsync(string path, CancellationToken cancellationToken = default)
    {
        await using var stream = File.OpenRead(path);
        return await ReadOpusAsync(stream, cancellationToken);
    }

    /// <inheritdoc cref="ReadOpusAsync(string, CancellationToken)"/>
    public static async Task<MediaClip> ReadOpusAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var units = new List<ClipUnit>();
        var reader = new OggOpusReader(stream);
        using var decoder = OpusDecoderFactory.Create();
        var samples = new float[OpusPacketDecoder.MaxSampleCount];
        var duration = TimeSpan.Zero;
        while (units.Count < MaxUnitCount && await reader.ReadAsync(cancellationToken))
        {
            var packet = reader.Packet.ToArray();
            var decoded = decoder.Decode(packet, samples);
            var level = decoded.Succeeded ? Level(samples.AsSpan(0, decoded.SampleCount)) : -127;
            units.Add(new ClipUnit(reader.Start, KeyFrame: true, packet, level));
            duration = reader.Start + reader.Duration;
        }

        return Checked(RtpCodec.Opus, units, duration, reader.Error);
    }

    /// <summary>VP8 in IVF.</summary>
    /// <exception cref="InvalidDataException">The file is not what it should be, or empty.</exception>
    public static async Task<MediaClip> ReadVp8Async(string path, CancellationToken cancellationToken = default)
    {
        await using var stream = File.OpenRead(path);
        return await ReadVp8Async(stream, cancellationToken);
    }

    /// <inheritdoc cref="ReadVp8Async(string, CancellationToken)"/>
    public static async Task<MediaClip> ReadVp8Async(Stream stream, CancellationToken cancellationToken = default)
    {
        var units = new List<ClipUnit>();
        var reader = new IvfReader(stream);
        while (units.Count < MaxUnitCount && await reader.ReadAsync(cancellationToken))
            units.Add(new ClipUnit(reader.Time, IsKeyFrame(VideoCodec.Vp8, reader.Frame.Span), reader.Frame.ToArray()));
        return Checked(RtpCodec.Vp8, units, LastAndOneMore(units), reader.Error);
    }

    /// <summary>H.264 as Annex B with access unit delimiters.</summary>
    /// <param name="framesPerSecond">Of the file; the format carries no times.</param>
    /// <exception cref="InvalidDataException">The file is not what it should be, or empty.</exception>
    public static async Task<MediaClip> ReadH264Async(string path, double framesPerSecond, CancellationToken cancellationToken = default)
    {
        await using var stream = File.OpenRead(path);
        return await ReadH264Async(stream, framesPerSecond, cancellationToken);
    }

    /// <inheritdoc cref="ReadH264Async(string, double, CancellationToken)"/>
    public static async Task<MediaClip> ReadH264Async(Stream stream, double framesPerSecond, CancellationToken cancellationToken = default)
    {
        var units = new List<ClipUnit>();
        var reader = new AnnexBReader(stream);
        while (units.Count < MaxUnitCount && await reader.ReadAsync(cancellationToken))
        {
            var unit = AnnexBUnits.WithoutDelimiter(reader.AccessUnit).ToArray();
            units.Add(new ClipUnit(TimeSpan.FromSeconds(reader.Index / framesPerSecond), IsKeyFrame(VideoCodec.H264, unit), unit));
        }

        return Checked(RtpCodec.H264, units, LastAndOneMore(units), reader.Error);
    }

    /// <summary>A clip of units made elsewhere, for tests.</summary>
    public static MediaClip Of(RtpCodec codec, IReadOnlyList<ClipUnit> units, TimeSpan duration) => Checked(codec, units, duration, error: null);

    private static bool IsKeyFrame(VideoCodec codec, ReadOnlySpan<byte> payload) => KeyFrameInspector.TryInspect(codec, payload, out var info, out _) && info.IsKeyFrame;

    private static TimeSpan LastAndOneMore(List<ClipUnit> units) => units.Count switch
    {
        0 => TimeSpan.Zero,
        1 => units[0].Time + TimeSpan.FromSeconds(1),
        _ => units[^1].Time + (units[^1].Time - units[^2].Time),
    };

    private static int Level(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += sample * sample;
        var meanSquare = samples.IsEmpty ? 0 : sum / samples.Length;
        return meanSquare < 1e-12 ? -127 : Math.Clamp((int)Math.Round(10 * Math.Log10(meanSquare)), -127, 0);
    }

    private static MediaClip Checked(RtpCodec codec, IReadOnlyList<ClipUnit> units, TimeSpan duration, string? error)
    {
        if (error is not null)
            throw new InvalidDataException(error);
        if (units.Count == 0 || duration <= TimeSpan.Zero)
            throw new InvalidDataException("A clip without media.");
        if (codec != RtpCodec.Opus && !units[0].KeyFrame)
            throw new InvalidDataException("A clip must begin with a key frame.");
        return new MediaClip(codec, units, duration);
    }
}
