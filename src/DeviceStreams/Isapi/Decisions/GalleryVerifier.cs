using Google.Protobuf;
using MediaScore.Codecs.Video;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Inference;
using MediaScore.Inference.Catalog;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Decisions;

/// <summary>Compares a question's picture with the templates of the person whom the device names. Thread-safe.</summary>
internal sealed class GalleryVerifier(IFaceLooker faces, FaceGallery gallery) : IFaceVerifier
{
    // As at a door of our own (PassRules): below, the error rates of the threshold mean nothing.
    private const double LeastWorth = 0.35;

    public async Task<FaceVerification> VerifyAsync(Device device, string personNumber, ReadOnlyMemory<byte> jpeg, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        using var decoder = new VideoKeyFrameDecoder();
        using var picture = FramePicture.TryOpen(new Protocol.Device.V1.FaceFrame { Jpeg = UnsafeByteOperations.UnsafeWrap(jpeg) }, decoder, out var fault);
        if (picture is null)
            return Missing(fault);
        try
        {
            var seen = await faces.DetectAsync(picture.Picture, cancellationToken);
            if (seen.Face is not { } face)
                return Missing("no face in the picture");
            if (seen.Worth < LeastWorth)
                return Missing(seen.Fault);
            if (await faces.ExamineAsync(picture.Picture, face, device.Row.Liveness != LivenessMode.Off, cancellationToken) is not { } evidence)
                return Missing("the face is turned too far");
            var match = gallery.Verify(device.Tenant, personNumber, evidence.Embedding.Span);
            return new FaceVerification(match?.Similarity, evidence.LiveProbability, match is null ? "no face of this person is enrolled" : "");
        }
        catch (Exception missing) when (missing is ModelUnavailableException or InferenceFailedException)
        {
            return Missing(missing is ModelUnavailableException ? missing.Message : "a model failed on this picture");
        }
    }

    private static FaceVerification Missing(string reason) => new(null, null, reason);
}
