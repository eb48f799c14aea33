using MediaScore.Codecs;
using MediaScore.Codecs.Video;
using MediaScore.DeviceStreams.Access;
using MediaScore.DeviceStreams.Gallery;
using MediaScore.DeviceStreams.Grpc;
using MediaScore.DeviceStreams.Registry;
using MediaScore.Inference.Catalog;
using MediaScore.Storage.Devices;

namespace MediaScore.DeviceStreams.Isapi.Decisions;

/// <summary>The picture of a question beside the templates of the person whom the device names. Thread-safe.</summary>
internal sealed class GalleryVerifier(IFaceLooker faces, FaceGallery gallery) : IFaceVerifier
{
    public async Task<FaceVerification> VerifyAsync(Device device, string personNumber, ReadOnlyMemory<byte> jpeg, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        try
        {
            using var decoder = new VideoKeyFrameDecoder();
            using var picture = FramePicture.TryOpenJpeg(jpeg.Span, decoder, out var fault);
            if (picture is null)
                return Nothing(fault);
            var sighting = await faces.DetectAsync(picture.Picture, cancellationToken);
            if (sighting.Face is not { } face)
                return Nothing("there is no face in the device's picture");
            // A bad picture resembles nobody: that would look like another person.
            if (sighting.Fault.Length > 0)
                return Nothing($"the face in the device's picture is {sighting.Fault}");
            var evidence = await faces.ExamineAsync(picture.Picture, face, device.Row.Liveness != LivenessMode.Off, cancellationToken);
            if (evidence is null)
                return Nothing("the face in the device's picture could not be measured");
            return gallery.Verify(device.Tenant, personNumber, evidence.Embedding.Span) is { } match
                ? new FaceVerification(match.Similarity, evidence.LiveProbability, "")
                : new FaceVerification(null, evidence.LiveProbability, "no face of this person is enrolled");
        }
        catch (Exception missing) when (missing is ModelUnavailableException or NativeLibraryException)
        {
            return Nothing(missing.Message);
        }
    }

    private static FaceVerification Nothing(string reason) => new(null, null, reason);
}
