using MediaScore.Codecs.Containers;
using MediaScore.TestMedia;

namespace MediaScore.Codecs.Tests.Containers;

public class AnnexBReaderTests
{
    private const string Source = "-f lavfi -i testsrc2=size=320x240:rate=25:duration=2 -c:v libx264 -preset ultrafast -g 10 -bsf:v h264_metadata=aud=insert -f h264 pipe:1";

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(1000)]
    [InlineData(7)]
    [InlineData(1)]
    public async Task Units_are_the_same_however_the_stream_is_read(int readLength)
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var file = await Ffmpeg.MakeAsync(Source);

        var (reader, units) = await ReadAllAsync(new SlowStream(file, readLength));

        reader.Error.ShouldBeNull();
        units.Count.ShouldBe(50);
        reader.Index.ShouldBe(49);
        units.SelectMany(unit => unit).ShouldBe(file);
        units.ShouldAllBe(unit => Convert.ToHexString(unit, 0, 5) == "0000000109" || Convert.ToHexString(unit, 0, 4) == "00000109");
    }

    [Fact]
    public async Task A_unit_larger_than_the_first_buffer_comes_whole()
    {
        byte[] large = [0, 0, 1, 9, 0x10, .. Enumerable.Repeat((byte)0x55, 700_000)];

        var (reader, units) = await ReadAllAsync(new MemoryStream([.. large, .. large, .. large]));

        reader.Error.ShouldBeNull();
        units.Count.ShouldBe(3);
        units.ShouldAllBe(unit => unit.SequenceEqual(large));
    }

    [Fact]
    public async Task Streams_without_delimiters_are_told()
    {
        (await ErrorAsync([])).ShouldContain("Empty");
        (await ErrorAsync([0, 0, 0, 1, 0x67, 1, 2])).ShouldContain("access unit delimiters");
        (await ErrorAsync([.. "Plain text"u8])).ShouldContain("access unit delimiters");
        (await ErrorAsync([0, 0, 1, 9, .. new byte[17_000_000].Select(_ => (byte)1)])).ShouldContain("more than");
    }

    [Fact]
    public async Task Mutated_streams_never_throw_and_lose_no_byte()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        var file = (await Ffmpeg.MakeAsync(Source)).AsSpan(0, 3000).ToArray();
        var random = new Random(13);
        for (var round = 0; round < 1000; round++)
        {
            var mutated = (byte[])file.Clone();
            for (var change = random.Next(1, 30); change > 0; change--)
                mutated[random.Next(5, mutated.Length)] = (byte)random.Next(4);

            var (_, units) = await ReadAllAsync(new SlowStream(mutated, random.Next(1, 500)));

            units.SelectMany(unit => unit).ShouldBe(mutated);
        }
    }

    private static async Task<string> ErrorAsync(byte[] file) => (await ReadAllAsync(new MemoryStream(file))).Reader.Error.ShouldNotBeNull();

    private static async Task<(AnnexBReader Reader, List<byte[]> Units)> ReadAllAsync(Stream stream)
    {
        var reader = new AnnexBReader(stream);
        var units = new List<byte[]>();
        while (await reader.ReadAsync())
            units.Add(reader.AccessUnit.ToArray());
        return (reader, units);
    }

    /// <summary>A pipe that never gives more than so many bytes at once.</summary>
    private sealed class SlowStream(byte[] content, int readLength) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, readLength)], cancellationToken);
    }
}
