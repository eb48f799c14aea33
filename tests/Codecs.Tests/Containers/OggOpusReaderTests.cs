using MediaScore.Codecs.Containers;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Containers;

public class OggOpusReaderTests
{
    private const string Sound = "-f lavfi -i aevalsrc=0.5*sin(2*PI*300*t):s=48000:d=3";

    [Fact]
    public async Task Packets_of_a_file_add_up_to_its_length()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);

        var (reader, packets) = await ReadAllAsync(await Ffmpeg.MakeAsync($"{Sound} -c:a libopus -f ogg pipe:1"));

        reader.Error.ShouldBeNull();
        reader.Head.ShouldNotBeNull();
        reader.Head.Channels.ShouldBe(1);
        reader.Head.PreSkip.ShouldBe(312);
        reader.Head.InputSampleRate.ShouldBe(48_000);
        packets.Count.ShouldBeInRange(150, 152);
        (reader.Start + reader.Duration).TotalSeconds.ShouldBe(3.0, tolerance: 0.041);
    }

    [Fact]
    public async Task Packets_that_span_pages_come_whole()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        // A page holds at most 255 segments: 60 ms packets at 510 kbit/s fill it and run over.
        var file = await Ffmpeg.MakeAsync("-f lavfi -i anoisesrc=r=48000:d=4:seed=1 -c:a libopus -b:a 256k -frame_duration 120 -page_duration 5000000 -f ogg pipe:1");

        var (reader, packets) = await ReadAllAsync(file);

        reader.Error.ShouldBeNull();
        packets.ShouldAllBe(packet => packet.Length > 255);
        CodedMedia.Decode(await CodedMedia.OpusAsync(file)).Length.ShouldBeGreaterThanOrEqualTo(4 * 16_000);
    }

    [Fact]
    public async Task Another_stream_in_the_file_is_passed_over()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var file = await Ffmpeg.MakeAsync($"-f lavfi -i testsrc2=size=64x48:rate=5:duration=3 {Sound} -c:v libtheora -c:a libopus -f ogg pipe:1");

        var (reader, packets) = await ReadAllAsync(file);

        reader.Error.ShouldBeNull();
        packets.Count.ShouldBeInRange(150, 152);
    }

    [Fact]
    public async Task A_file_cut_anywhere_keeps_its_whole_pages_and_says_that_it_is_cut()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var file = await Ffmpeg.MakeAsync("-f lavfi -i aevalsrc=0.5*sin(2*PI*300*t):s=48000:d=0.4 -c:a libopus -b:a 16k -page_duration 40000 -f ogg pipe:1");
        var (_, whole) = await ReadAllAsync(file);

        for (var length = 0; length < file.Length; length++)
        {
            var (reader, packets) = await ReadAllAsync(file[..length]);

            reader.Error.ShouldNotBeNullOrEmpty();
            packets.Count.ShouldBeLessThanOrEqualTo(whole.Count);
            for (var i = 0; i < packets.Count; i++)
                packets[i].ShouldBe(whole[i]);
        }
    }

    [Fact]
    public async Task A_changed_byte_is_found_by_the_checksum()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var file = (byte[])(await Ffmpeg.MakeAsync($"{Sound} -c:a libopus -f ogg pipe:1")).Clone();
        file[^100] ^= 1;

        var (reader, _) = await ReadAllAsync(file);

        reader.Error.ShouldNotBeNull();
        reader.Error.ShouldContain("checksum");
    }

    [Theory]
    [InlineData("", "Empty")]
    [InlineData("This is a text file that somebody named .opus", "Not an Ogg page")]
    public async Task What_is_no_Ogg_file_is_told(string content, string expected)
    {
        var (reader, packets) = await ReadAllAsync(System.Text.Encoding.UTF8.GetBytes(content));

        packets.ShouldBeEmpty();
        reader.Error.ShouldNotBeNull();
        reader.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task Mutated_files_end_with_a_reason_and_never_throw()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var file = await Ffmpeg.MakeAsync("-f lavfi -i aevalsrc=0.5*sin(2*PI*300*t):s=48000:d=0.4 -c:a libopus -b:a 16k -page_duration 40000 -f ogg pipe:1");
        var random = new Random(11);
        for (var round = 0; round < 3000; round++)
        {
            var mutated = (byte[])file.Clone();
            for (var change = random.Next(1, 8); change > 0; change--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);

            var (_, packets) = await ReadAllAsync(mutated);

            packets.Count.ShouldBeLessThanOrEqualTo(30);
        }
    }

    private static async Task<(OggOpusReader Reader, List<byte[]> Packets)> ReadAllAsync(byte[] file)
    {
        var reader = new OggOpusReader(new MemoryStream(file));
        var packets = new List<byte[]>();
        while (await reader.ReadAsync())
            packets.Add(reader.Packet.ToArray());
        return (reader, packets);
    }
}
