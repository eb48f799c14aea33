using System.Globalization;
using MediaScore.Codecs.Video;

namespace MediaScore.Codecs.Tests.Video;

/// <summary>Mutated headers of picture files, which terminals, cameras and archives bring: nothing throws, and what is said of size and side makes sense. <c>MEDIASCORE_FUZZ=1000000</c> runs it long.</summary>
public sealed class PictureFuzzTests
{
    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("MEDIASCORE_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 20_000;

    // 64 by 48 pixels; held on its side (Exif, orientation 6), a comment, a frame header, and the beginning of a scan.
    private static readonly byte[] Jpeg =
    [
        0xFF, 0xD8, 0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFE, 0, 6, .. "note"u8,
        0xFF, 0xC0, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3, 0xFF, 0xD9,
    ];

    // Of the same size: what the picture is made of, and two chunks that it is not.
    private static readonly byte[] Png =
    [
        .. PngFile.Signature, .. Chunk("IHDR"u8, [0, 0, 0, 64, 0, 0, 0, 48, 8, 2, 0, 0, 0]), .. Chunk("iCCP"u8, new byte[40]), .. Chunk("IDAT"u8, new byte[60]), .. Chunk("tEXt"u8, [.. "Comment\0x"u8]), .. Chunk("IEND"u8, []),
    ];

    [Fact]
    public void The_originals_are_what_they_are_taken_for()
    {
        Inspect(VideoCodec.Jpeg, Jpeg).ShouldBe(new KeyFrameInfo(IsKeyFrame: true, 64, 48));
        Inspect(VideoCodec.Png, Png).ShouldBe(new KeyFrameInfo(IsKeyFrame: true, 64, 48));
        PictureOrientation.OfJpeg(Jpeg).ShouldBe(6);
        PngFile.CopyPicture(Png, new byte[Png.Length]).ShouldBe(Png.Length - (12 + 40) - (12 + 9));
    }

    [Fact]
    public void Mutated_headers_never_throw_and_state_a_size_or_a_fault()
    {
        var random = new Random(20_261_126);
        for (var round = 0; round < 2 * Count; round++)
        {
            var (codec, original) = round % 2 == 0 ? (VideoCodec.Jpeg, Jpeg) : (VideoCodec.Png, Png);
            var file = Mutate(original, random);

            var understood = KeyFrameInspector.TryInspect(codec, file, out var info, out var error);

            understood.ShouldBe(error is null);
            if (understood)
                (info.Width > 0 && info.Height > 0).ShouldBeTrue($"round {round}");
            PictureOrientation.OfJpeg(file).ShouldBeInRange(1, 8);
            // As the decoder does it: only of what begins as one.
            if (codec == VideoCodec.Png && understood)
                PngFile.CopyPicture(file, new byte[file.Length]).ShouldBeInRange(PngFile.Signature.Length, file.Length);
        }
    }

    private static KeyFrameInfo Inspect(VideoCodec codec, byte[] file)
    {
        KeyFrameInspector.TryInspect(codec, file, out var info, out var error).ShouldBeTrue(error);
        return info;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content) => [0, 0, 0, (byte)content.Length, .. type, .. content, 0, 0, 0, 0];

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 16), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    // Lengths: as long as can be.
                    for (var i = at; i < at + Math.Min(length, 4); i++)
                        bytes[i] = 0xFF;
                    break;
                case 3:
                    bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.InsertRange(at, [0xFF, (byte)random.Next(0xC0, 0x100)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
