using MediaScore.Codecs.Video;
using MediaScore.Inference;
using MediaScore.Perception.Vision;
using MediaScore.Timeline;

namespace MediaScore.Pipelines.Video;

/// <summary>Decodes and judges chosen key frames, one after the other. A pure function of the frames. One caller at a time.</summary>
internal sealed class FrameAnalysis(VideoPipelineContext context, IFaceExaminer? faces) : IDisposable
{
    /// <summary>How the reason of a <see cref="FrameSkipped"/> begins when the fault was not the picture's.</summary>
    public const string ModelsFailed = "the face models failed";

    /// <summary>The reason of a <see cref="FrameSkipped"/> that a busy pool gave up for more urgent work.</summary>
    public const string LeftForFinalPass = "left for the final pass: more urgent work had the models";

    private readonly VideoKeyFrameDecoder _decoder = new();
    private readonly PictureMonitor _monitor = new();

    /// <param name="time">Of the picture.</param>
    /// <param name="picture">A point of the picture grid.</param>
    /// <param name="face">A point of the face grid.</param>
    public async ValueTask AnalyzeAsync(
        MediaTime time, VideoCodec codec, ReadOnlyMemory<byte> payload, bool picture, bool face, RequestClass requestClass, CancellationToken cancellationToken)
    {
        var range = MediaRange.At(time);
        var started = context.Costs?.Start() ?? 0;
        var isDecoded = _decoder.TryDecode(codec, payload.Span, context.Options.DecodedWidth, out var decoded, out var error);
        context.Costs?.Stop(PipelineStage.VideoDecode, started);
        if (!isDecoded || decoded is null)
        {
            await EmitAsync(new FrameSkipped(range, $"undecodable: {error}"), cancellationToken);
            return;
        }

        using (decoded)
        {
            var pixels = new RgbPicture(decoded.Rgb24, decoded.Width, decoded.Height);
            var quality = PictureQuality.Measure(pixels);
            if (picture)
            {
                await EmitAsync(
                    new PictureSample(
                        range, decoded.SourceWidth, decoded.SourceHeight, Math.Round(quality.Brightness, 4), Math.Round(quality.Sharpness, 1), Verdict(quality)),
                    cancellationToken);
                foreach (var warning in _monitor.Add(time, quality.Fault))
                    await EmitAsync(warning, cancellationToken);
            }

            if (face && faces is not null)
                await LookForFacesAsync(faces, pixels, quality, range, requestClass, cancellationToken);
        }
    }

    /// <summary>No fault of the picture: the models may answer when they are asked again.</summary>
    public static bool IsWorthAsking(FrameSkipped skipped) =>
        skipped.Reason == LeftForFinalPass || skipped.Reason.StartsWith(ModelsFailed, StringComparison.Ordinal);

    public void Dispose() => _decoder.Dispose();

    private async ValueTask LookForFacesAsync(
        IFaceExaminer examiner, RgbPicture pixels, PictureQuality quality, MediaRange range, RequestClass requestClass, CancellationToken cancellationToken)
    {
        if (quality.Verdict == PictureVerdict.Unusable)
        {
            // No face in the dark is not an absent candidate.
            await EmitAsync(new FrameSkipped(range, $"no face is looked for in a picture that is {Name(quality.Fault)}"), cancellationToken);
            return;
        }

        FaceSample? sample;
        try
        {
            sample = context.Known.Find<FaceSample>(range) ?? await examiner.ExamineAsync(pixels, range, requestClass, cancellationToken);
        }
        catch (InferenceFailedException failure)
        {
            await EmitAsync(new FrameSkipped(range, $"{ModelsFailed}: {failure.Message}"), cancellationToken);
            _monitor.Miss(range.Start);
            return;
        }

        if (sample is null)
        {
            await EmitAsync(new FrameSkipped(range, LeftForFinalPass), cancellationToken);
            _monitor.Miss(range.Start);
            return;
        }

        await EmitAsync(sample, cancellationToken);
        foreach (var warning in _monitor.Add(sample))
            await EmitAsync(warning, cancellationToken);
    }

    private ValueTask EmitAsync(Observation observation, CancellationToken cancellationToken) =>
        context.Known.Contains(observation) ? ValueTask.CompletedTask : context.Sink.AppendAsync(observation, cancellationToken);

    private static QualityVerdict Verdict(PictureQuality quality) => quality.Verdict switch
    {
        PictureVerdict.Good => QualityVerdict.Good,
        PictureVerdict.Poor => QualityVerdict.Poor,
        _ => QualityVerdict.Unusable,
    };

    private static string Name(PictureFault fault) => fault switch
    {
        PictureFault.Dark => "too dark",
        PictureFault.Overexposed => "overexposed",
        PictureFault.Blurred => "blurred",
        _ => "unusable",
    };
}
