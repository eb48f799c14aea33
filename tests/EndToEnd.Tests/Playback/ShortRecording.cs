using MediaScore.Keys;
using MediaScore.Recording;
using MediaScore.TestMedia;
using MediaScore.Timeline;

namespace MediaScore.EndToEnd.Tests.Playback;

/// <summary>
/// A recording of five seconds as a browser makes it: a tone with pauses of DTX; pictures from 0.6 s on, first of 320 x 240, then of 640 x 360; nine pictures lost with their key frame; and for
/// 0.6 s nothing at all.
/// </summary>
internal sealed class ShortRecording
{
    /// <summary>Where the larger pictures begin.</summary>
    public const double OtherSizeFromSeconds = PicturesASize / PicturesASecond;

    private const double PicturesASecond = 15;
    private const int PicturesASize = 36;
    private const int PicturesAGroup = 9;

    private static readonly TimeSpan ChunkSpacing = TimeSpan.FromSeconds(0.5);

    private readonly InterviewFolder _folder;

    private ShortRecording(InterviewFolder folder, byte[] log) => (_folder, Log) = (folder, log);

    /// <summary>The bytes on disk, encrypted.</summary>
    public byte[] Log { get; }

    public static async Task<ShortRecording> MakeAsync(string folder, MediaCodec codec)
    {
        var interview = new InterviewFolder(folder, $"short-{codec}");
        await using (var committer = new GroupCommitter(TimeProvider.System, new GroupCommitOptions { SpacingMs = 0 }))
        {
            using var key = Key();
            await using var writer = await RecordingWriter.OpenAsync(interview, key, 1, committer);
            writer.DescribeTrack(new TrackFormat(TrackKind.Audio, MediaCodec.Opus, 48_000, 1));
            writer.DescribeTrack(new TrackFormat(TrackKind.Video, codec, 0, 0));
            var chunkEnd = MediaTime.Zero.Add(ChunkSpacing);
            foreach (var packet in (await SoundsAsync()).Concat(await PicturesAsync(codec)).OrderBy(packet => packet.Time))
            {
                if (packet.Time >= chunkEnd)
                {
                    await writer.FlushAsync();
                    chunkEnd = chunkEnd.Add(ChunkSpacing);
                }

                await writer.AppendAsync(packet);
            }
        }

        return new ShortRecording(interview, await File.ReadAllBytesAsync(interview.RecordingPath));
    }

    /// <summary>Decrypts what a log of so many bytes holds.</summary>
    /// <param name="logBytes">Null: all of it.</param>
    /// <param name="range">Null: from the beginning to the end.</param>
    public async Task<Clip> ExportAsync(string name, ClipFormat format, int? logBytes = null, MediaRange? range = null)
    {
        await File.WriteAllBytesAsync(_folder.RecordingPath, Log[..(logBytes ?? Log.Length)]);
        using var key = Key();
        using var reader = RecordingReader.Open(_folder.RecordingPath, key);
        using var output = new MemoryStream();
        var exported = await new ClipExporter().ExportAsync(reader, range, ClipTracks.All, format, output);
        return new Clip(name, ClipExporter.ContentType(format, ClipTracks.All), output.ToArray())
        {
            Seconds = exported.Range.Duration.TotalSeconds,
            AskedSeconds = ((range?.End ?? exported.Range.End) - exported.Range.Start).TotalSeconds,
            SoundCount = (int)exported.AudioPacketCount,
            PictureCount = (int)exported.VideoPacketCount,
        };
    }

    private static DataKey Key() => new([.. Enumerable.Range(0, DataKey.SizeInBytes).Select(number => (byte)number)]);

    private static async Task<IEnumerable<RecordedPacket>> SoundsAsync()
    {
        var sounds = await CodedMedia.OpusAsync(Tones.Sine(330, 16_000, 2 * PicturesASize / PicturesASecond));
        // In DTX the receiver puts packets without sound where the sender sent none.
        return sounds
            .Select((sound, number) => new RecordedPacket(
                TrackKind.Audio, (ulong)number, MediaTime.Zero.Add(sound.Start), KeyFrame: false, number % 100 is > 60 and < 80 ? new[] { (byte)(sound.Payload[0] & 0xFC) } : sound.Payload))
            .Where(packet => !IsInHole(packet.Time));
    }

    private static async Task<IEnumerable<RecordedPacket>> PicturesAsync(MediaCodec codec)
    {
        var pictures = (IEnumerable<CodedPicture>)[.. await EncodeAsync(codec, "320x240"), .. await EncodeAsync(codec, "640x360")];
        return pictures
            .Select((picture, number) => (Number: number, Packet: new RecordedPacket(
                TrackKind.Video, (ulong)number, MediaTime.Zero.Add(TimeSpan.FromSeconds(number / PicturesASecond)), number % PicturesAGroup == 0, picture.Payload)))
            .Where(picture => picture.Number / PicturesAGroup is not (0 or 2) && !IsInHole(picture.Packet.Time))
            .Select(picture => picture.Packet);
    }

    // Six whole groups of pictures, then one that is missing.
    private static bool IsInHole(MediaTime time) => time >= MediaTime.FromSeconds(3.6) && time < MediaTime.FromSeconds(4.2);

    private static Task<IReadOnlyList<CodedPicture>> EncodeAsync(MediaCodec codec, string size)
    {
        var input = FormattableString.Invariant($"-f lavfi -i testsrc2=size={size}:rate={PicturesASecond}:duration={PicturesASize / PicturesASecond}");
        return codec == MediaCodec.Vp8
            // A negative speed is a fixed one: the same bytes each time.
            ? CodedMedia.Vp8Async(input, PicturesAGroup, "-b:v 400k -cpu-used -8")
            : CodedMedia.H264Async(input, PicturesASecond, PicturesAGroup);
    }
}
