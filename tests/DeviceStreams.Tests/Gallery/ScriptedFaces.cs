using MediaScore.DeviceStreams.Gallery;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Perception.Vision;
using SkiaSharp;

namespace MediaScore.DeviceStreams.Tests.Gallery;

/// <summary>Face models that see in a picture of one colour what a test says of that colour.</summary>
internal sealed class ScriptedFaces : IEnrolmentFaces
{
    // JPEG changes a colour by one or two.
    private const int ShadeStep = 8;

    private readonly Dictionary<int, (int FaceCount, double Worth, float[] Embedding)> _seen = [];

    public ModelIdentity Embedder { get; set; } = new("scripted", "1");

    public bool IsMissing { get; set; }

    /// <summary>The shade of pictures on which a model fails.</summary>
    public int? FailsOn { get; set; }

    /// <summary>Pictures in which somebody was embedded: what must not happen without consent.</summary>
    public int EmbeddedCount { get; private set; }

    public int LookedCount { get; private set; }

    /// <summary>Held up before it embeds, where set.</summary>
    public Func<Task>? BeforeEmbedding { get; set; }

    public static RgbPicture Picture(int shade)
    {
        var pixels = new byte[16 * 16 * 3];
        pixels.AsSpan().Fill((byte)(shade * ShadeStep));
        return new RgbPicture(pixels, 16, 16);
    }

    /// <summary>The same picture as a file.</summary>
    public static byte[] File(int shade, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg)
    {
        using var bitmap = new SKBitmap(64, 64, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(new SKColor((byte)(shade * ShadeStep), (byte)(shade * ShadeStep), (byte)(shade * ShadeStep)));
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <param name="shade">0 to 31.</param>
    public void Show(int shade, float[] embedding, double worth = 0.9, int faceCount = 1) => _seen[shade] = (faceCount, worth, embedding);

    public ValueTask<IReadOnlyList<DetectedFace>> FindAsync(RgbPicture picture, RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (IsMissing)
            throw new ModelUnavailableException("scripted", ModelProblem.Missing, "it is not there", "Run: mediascore models prepare");
        LookedCount++;
        if (ShadeOf(picture) == FailsOn)
            throw new InferenceFailedException("scripted", "the run failed");
        var count = _seen.TryGetValue(ShadeOf(picture), out var seen) ? seen.FaceCount : 0;
        return ValueTask.FromResult<IReadOnlyList<DetectedFace>>([.. Enumerable.Repeat(new DetectedFace(new FaceRectangle(0.25, 0.25, 0.75, 0.75), 0.9, []), count)]);
    }

    public FaceQuality Judge(RgbPicture picture, DetectedFace face) =>
        _seen[ShadeOf(picture)].Worth is var worth && worth < 0.5 ? new FaceQuality(worth, FaceFault.Dark, 80, 0.1, 50, null) : new FaceQuality(worth, FaceFault.None, 80, 0.5, 50, null);

    public async ValueTask<ReadOnlyMemory<float>> EmbedAsync(RgbPicture picture, DetectedFace face, RequestClass requestClass, CancellationToken cancellationToken)
    {
        EmbeddedCount++;
        var embedding = _seen[ShadeOf(picture)].Embedding;
        if (BeforeEmbedding is { } wait)
            await wait();
        return embedding;
    }

    public static int ShadeOf(RgbPicture picture) => (picture.Rgb24.Span[0] + (ShadeStep / 2)) / ShadeStep;
}
