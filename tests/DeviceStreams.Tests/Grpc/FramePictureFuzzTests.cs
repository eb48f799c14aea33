using Google.Protobuf;
using MediaScore.Codecs.Video;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Tests.Support;
using MediaScore.Protocol.Device.V1;
using MediaScore.TestMedia;

namespace MediaScore.DeviceStreams.Tests.Grpc;

/// <summary>Spoilt frames of terminals: nothing throws but the message's own decoder, a picture is as large as it says, and nothing larger than the bound is made room for. <c>MEDIASCORE_FUZZ=1000000</c> runs it long.</summary>
public sealed class FramePictureFuzzTests
{
    private const int MostPixels = 4 << 20;

    // 16 by 8 pixels: a header, and noise for a scan.
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 16, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3, 0xFF, 0xD9];

    [Fact]
    public void No_spoilt_frame_throws_or_becomes_a_picture_that_it_does_not_hold()
    {
        Assert.SkipUnless(Ffmpeg.IsAvailable, Ffmpeg.SkipReason);
        byte[][] frames =
        [
            Raw(PixelFormat.Rgb24, 3), Raw(PixelFormat.Bgr24, 3), Raw(PixelFormat.Gray8, 1), Raw(PixelFormat.Nv12, 1.5),
            new FaceFrame { FrameId = 1, Jpeg = ByteString.CopyFrom(Jpeg) }.ToByteArray(),
        ];
        var (mutator, random, opened, refused) = (new Mutator(12), new Random(12), 0, 0);
        using var decoder = new VideoKeyFrameDecoder();
        for (var i = 0; i < Mutator.CountOr(5_000); i++)
        {
            if (Spoilt(frames[i % frames.Length], mutator, random) is not { } frame)
                continue;
            var before = GC.GetAllocatedBytesForCurrentThread();

            using var picture = FramePicture.TryOpen(frame, decoder, out var fault);

            (picture is null).ShouldBe(fault.Length > 0);
            // Three bytes a pixel, of a frame that holds one byte a pixel at least, or of a JPEG within the bound.
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan((1 << 20) + (3L * MostPixels), $"case {i}");
            if (picture is null)
            {
                refused++;
                continue;
            }

            opened++;
            picture.Picture.Rgb24.Length.ShouldBe(picture.Picture.Width * picture.Picture.Height * 3);
        }

        (opened > 100 && refused > 100).ShouldBeTrue($"{opened} opened, {refused} refused");
    }

    /// <returns>Null where it is no message any more.</returns>
    private static FaceFrame? Spoilt(byte[] frame, Mutator mutator, Random random)
    {
        if (random.Next(2) == 0)
        {
            try
            {
                return FaceFrame.Parser.ParseFrom(mutator.Spoil(frame));
            }
            catch (InvalidProtocolBufferException)
            {
                return null;
            }
        }

        // A message that is whole, and does not hold what it says.
        var whole = FaceFrame.Parser.ParseFrom(frame);
        if (whole.Raw is not { } raw)
            whole.Jpeg = ByteString.CopyFrom(mutator.Spoil(Jpeg));
        else if (random.Next(2) == 0)
            raw.Pixels = ByteString.CopyFrom(mutator.Spoil(raw.Pixels.ToByteArray()));
        else
            (raw.Width, raw.Height, raw.Format) = (Side(random), Side(random), (PixelFormat)random.Next(-1, 6));
        return whole;
    }

    private static uint Side(Random random) => random.Next(4) switch { 0 => 8, 1 => 16, 2 => (uint)random.Next(0, 5_000), _ => uint.MaxValue >> random.Next(32) };

    private static byte[] Raw(PixelFormat format, double bytesOfPixel) =>
        new FaceFrame { FrameId = 1, Raw = new RawPicture { Width = 16, Height = 8, Format = format, Pixels = ByteString.CopyFrom(new byte[(int)(16 * 8 * bytesOfPixel)]) } }.ToByteArray();
}
