using MediaScore.DeviceStreams.Registry;

namespace MediaScore.DeviceStreams.Isapi.Decisions;

/// <summary>Is this the person whom the device names? Asked where a question brings a picture. Thread-safe.</summary>
public interface IFaceVerifier
{
    /// <param name="jpeg">As it came; the caller's.</param>
    /// <param name="cancellationToken">Ends when it would be too late.</param>
    Task<FaceVerification> VerifyAsync(Device device, string personNumber, ReadOnlyMemory<byte> jpeg, CancellationToken cancellationToken);
}

/// <param name="Similarity">Cosine of the best template of that person; null where nothing could be compared.</param>
/// <param name="LiveProbability">Null where not checked.</param>
/// <param name="Reason">What was missing; empty where nothing was.</param>
public readonly record struct FaceVerification(double? Similarity, double? LiveProbability, string Reason);
