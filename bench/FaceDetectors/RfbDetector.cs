using MediaScore.Inference.Catalog;
using SkiaSharp;

namespace MediaScore.FaceDetectors;

/// <summary>Ultra-light RFB detector: the picture is stretched to 320 x 240, boxes come decoded.</summary>
internal sealed class RfbDetector(PreparedModel model) : IFaceDetector
{
    private readonly DetectorSession _session = new(model);
    private readonly int _width = (int)model.Description.Number("inputWidth");
    private readonly int _height = (int)model.Description.Number("inputHeight");
    private readonly float _mean = (float)model.Description.Number("mean");
    private readonly float _scale = (float)model.Description.Number("scale");
    private readonly float _smallestScore = (float)model.Description.Number("smallestScore");
    private readonly float _largestOverlap = (float)model.Description.Number("largestOverlap");

    public string Name => model.Id;

    public TimeSpan ModelTime => _session.Elapsed;

    public IReadOnlyList<Detection> Find(SKBitmap picture)
    {
        var outputs = _session.Run(Prepare(picture), 1, 3, _height, _width);
        var (scores, boxes) = (outputs[0], outputs[1]);
        var found = new List<Detection>();
        for (var box = 0; box < scores.Length / 2; box++)
        {
            var score = scores[(box * 2) + 1];
            if (score < _smallestScore)
                continue;
            var corners = boxes.AsSpan(box * 4, 4);
            found.Add(new Detection(corners[0] * picture.Width, corners[1] * picture.Height, corners[2] * picture.Width, corners[3] * picture.Height, score));
        }

        return Detection.Suppress(found, _largestOverlap);
    }

    public void Dispose() => _session.Dispose();

    private float[] Prepare(SKBitmap picture)
    {
        using var stretched = picture.Resize(new SKImageInfo(_width, _height, SKColorType.Rgba8888), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        var pixels = stretched.Pixels;
        var planes = new float[3 * pixels.Length];
        for (var index = 0; index < pixels.Length; index++)
        {
            planes[index] = (pixels[index].Red - _mean) / _scale;
            planes[pixels.Length + index] = (pixels[index].Green - _mean) / _scale;
            planes[(2 * pixels.Length) + index] = (pixels[index].Blue - _mean) / _scale;
        }

        return planes;
    }
}
