namespace MediaScore.DeviceStreams.Gallery;

/// <summary>What the models say of one picture for an enrolment.</summary>
/// <param name="Refusal">Why it cannot be enrolled, whosever it is; null where it can.</param>
internal sealed record FaceExamination(EnrolmentResult? Refusal, ReadOnlyMemory<float> Embedding, double Worth)
{
    public static FaceExamination Refused(EnrolmentResult refusal) => new(refusal, default, 0);
}
