namespace MediaScore.DeviceStreams.Access;

/// <param name="Embedding">Of unit length; the caller's own.</param>
/// <param name="LiveProbability">0 to 1; null where not checked.</param>
internal sealed record FaceEvidence(ReadOnlyMemory<float> Embedding, double? LiveProbability);
