using MediaScore.Codecs.Containers;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Containers;

public class IvfReaderTests
{
    private const string Source = "-f lavfi -i testsrc2=size=160x120:rate=25:duration=2 -c:v libvpx -deadline realtime -cpu-used 8 -f ivf pipe:1";

    [Fact]
    public async Task Frames_come_with_their_times()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);

        var (reader, frames) = await ReadAllAsync(await Ffmpeg.MakeAsync(Source));

        reader.Error.ShouldBeNull();
        (reader.Width, reader.Height).ShouldBe((160, 120));
        frames.Count.ShouldBe(50);
        frames.Select(frame => frame.Time.TotalMilliseconds).ShouldBe(Enumerable.Range(0, 50).Select(index => index * 40.0));
    }

    [Fact]
    public async Task A_file_cut_anywhere_keeps_its_whole_frames()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var file = await Ffmpeg.MakeAsync(Source);
        var ends = new HashSet<int>();
        for (var at = 32; at < file.Length; at += 12 + BitConverter.ToInt32(file, at))
            ends.Add(at);

        for (var length = 0; length < file.Length; length += length < 200 ? 1 : 37)
        {
            var (reader, frames) = await ReadAllAsync(file[..length]);

            frames.Count.ShouldBe(Math.Max(0, ends.Count(end => end <= length) - 1));
            (reader.Error is null).ShouldBe(ends.Contains(length));
        }
    }

    [Fact]
    public async Task Each_kind_of_damage_has_its_own_message()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var file = await Ffmpeg.MakeAsync(Source);

        (await ErrorAsync([])).ShouldContain("Empty");
        (await ErrorAsync([.. "Plain text named .ivf, longer than any header"u8])).ShouldContain("DKIF");
        (await ErrorAsync(Changed(file, 8, (byte)'A'))).ShouldContain("'AP80'");
        (await ErrorAsync(Changed(file, 35, 0x7F))).ShouldContain("at most");
        (await ErrorAsync(Changed(file, 43, 0x7F))).ShouldContain("time");
    }

    [Fact]
    public async Task Mutated_files_never_throw()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var file = (await Ffmpeg.MakeAsync(Source)).AsSpan(0, 2000).ToArray();
        var random = new Random(12);
        for (var round = 0; round < 1000; round++)
        {
            var mutated = (byte[])file.Clone();
            for (var change = random.Next(1, 8); change > 0; change--)
                mutated[random.Next(100)] = (byte)random.Next(256);

            var (_, frames) = await ReadAllAsync(mutated);

            frames.Count.ShouldBeLessThan(200);
        }
    }

    private static byte[] Changed(byte[] file, int at, byte value)
    {
        var changed = (byte[])file.Clone();
        changed[at] = value;
        return changed;
    }

    private static async Task<string> ErrorAsync(byte[] file) => (await ReadAllAsync(file)).Reader.Error.ShouldNotBeNull();

    private static async Task<(IvfReader Reader, List<(TimeSpan Time, byte[] Frame)> Frames)> ReadAllAsync(byte[] file)
    {
        var reader = new IvfReader(new MemoryStream(file));
        var frames = new List<(TimeSpan, byte[])>();
        while (await reader.ReadAsync())
            frames.Add((reader.Time, reader.Frame.ToArray()));
        return (reader, frames);
    }
}
